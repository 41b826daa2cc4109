#!/usr/bin/env bash
#SBATCH --job-name=angles
#SBATCH --array=0-3
#SBATCH --nodes=1
#SBATCH --ntasks=2
#SBATCH --time=00:30:00
#SBATCH --output=%x-%A_%a.log
# A parameter study: the same flow over the pole under several angles, one task of the array for each, as many at a time as there is room.
#
#   sbatch slurm/array.sh [option of "sora run weather"]…              variables as in single-node.sh
#
# Where the parameter is a number of the array itself, sora submit needs no script:
#   sora submit weather --case 5 --hours '{task}' --output 'forecast-{task}.h5' --array 6-48:6 --ntasks 2
set -euo pipefail

sora=${SORA:-$SLURM_SUBMIT_DIR/src/SoraHpc.Cli/bin/Release/net10.0/sora}
mpi=${SORA_MPI:-openmpi}
protocol=pmix
if [ "$mpi" = mpich ]; then protocol=pmi2; fi

angles=(0 15 45 90)                                     # degrees between flow and equator; as many as the array has tasks
angle=${angles[$SLURM_ARRAY_TASK_ID]}

srun --mpi="$protocol" --kill-on-bad-exit=1 --wait=30 \
    "$sora" run weather --case 2 --angle "$angle" --hours "${HOURS:-24}" --elements "${ELEMENTS:-16}" --output "angle-$angle.h5" --mpi "$mpi" "$@"
