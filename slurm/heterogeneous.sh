#!/usr/bin/env bash
#SBATCH --job-name=mixed
#SBATCH --nodes=1 --ntasks=1 --cpus-per-task=2
#SBATCH --time=00:30:00
#SBATCH --output=%x-%j.log
#SBATCH hetjob
#SBATCH --nodes=1 --ntasks=2 --cpus-per-task=1
# One run over two kinds of nodes: the first component asks for one, the second for the other (constraints such as --constraint=… go into
# either header). srun's ":" makes one world of both, ranks numbered through. --capabilities says how fast they are, so that shares follow:
# here rank 0 counts twice. Unknown speeds are measured by --balance measured.
#
#   sbatch slurm/heterogeneous.sh [option of "sora run weather"]…      variables as in single-node.sh
set -euo pipefail

sora=${SORA:-$SLURM_SUBMIT_DIR/src/SoraHpc.Cli/bin/Release/net10.0/sora}
mpi=${SORA_MPI:-openmpi}
protocol=pmix
if [ "$mpi" = mpich ]; then protocol=pmi2; fi
run=("$sora" run weather --case 5 --hours "${HOURS:-24}" --elements "${ELEMENTS:-16}" --output "mixed-$SLURM_JOB_ID.h5" --mpi "$mpi" --capabilities "2,1,1" "$@")

srun --het-group=0 --mpi="$protocol" --kill-on-bad-exit=1 --wait=30 "${run[@]}" : --het-group=1 --mpi="$protocol" "${run[@]}"
