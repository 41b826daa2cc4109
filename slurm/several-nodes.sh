#!/usr/bin/env bash
#SBATCH --job-name=forecast
#SBATCH --nodes=2
#SBATCH --ntasks-per-node=4
#SBATCH --cpus-per-task=1
#SBATCH --time=00:30:00
#SBATCH --output=%x-%j.log
# A finer forecast on two nodes: as on one, for srun knows the nodes. Repository and output lie in a folder that all nodes share.
#
#   sbatch slurm/several-nodes.sh [option of "sora run weather"]…      variables as in single-node.sh
set -euo pipefail

sora=${SORA:-$SLURM_SUBMIT_DIR/src/SoraHpc.Cli/bin/Release/net10.0/sora}
mpi=${SORA_MPI:-openmpi}
protocol=pmix
if [ "$mpi" = mpich ]; then protocol=pmi2; fi

# Each rank's cores, its memory beside them, neighbours on one node: what the ranks exchange most stays within it.
srun --mpi="$protocol" --kill-on-bad-exit=1 --wait=30 --cpu-bind=cores --distribution=block:block \
    "$sora" run weather --case 5 --hours "${HOURS:-24}" --elements "${ELEMENTS:-32}" --output "forecast-$SLURM_JOB_ID.h5" --mpi "$mpi" "$@"
