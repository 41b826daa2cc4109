#!/usr/bin/env bash
#SBATCH --job-name=forecast
#SBATCH --nodes=1
#SBATCH --ntasks=4
#SBATCH --time=00:30:00
#SBATCH --output=%x-%j.log
# A forecast on the cores of one node.
#
#   sbatch slurm/single-node.sh [option of "sora run weather"]…        from the top of the repository, after dotnet build -c Release
#
# Environment variables: HOURS and ELEMENTS of the forecast; SORA_MPI, openmpi (as here when nothing is said) or mpich; SORA, where the tool
# is, if not in this repository.
set -euo pipefail

sora=${SORA:-$SLURM_SUBMIT_DIR/src/SoraHpc.Cli/bin/Release/net10.0/sora}
mpi=${SORA_MPI:-openmpi}
protocol=pmix                                           # by which srun tells the ranks about each other; Open MPI's
if [ "$mpi" = mpich ]; then protocol=pmi2; fi           # with a protocol that is not its own MPICH makes each rank a world of one

# When one rank ends badly Slurm lets the others wait for it, unless told not to.
srun --mpi="$protocol" --kill-on-bad-exit=1 --wait=30 \
    "$sora" run weather --case 5 --hours "${HOURS:-24}" --elements "${ELEMENTS:-16}" --output "forecast-$SLURM_JOB_ID.h5" --mpi "$mpi" "$@"
