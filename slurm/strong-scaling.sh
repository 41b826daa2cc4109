#!/usr/bin/env bash
#SBATCH --job-name=strong-scaling
#SBATCH --nodes=2
#SBATCH --ntasks=8
#SBATCH --exclusive
#SBATCH --time=01:00:00
#SBATCH --output=%x-%j.log
# How much faster the same forecast is on 1, 2, 4, … ranks, up to the job's tasks. The last lines of the log are the table.
#
#   sbatch slurm/strong-scaling.sh [option of "sora run weather"]…     variables as in single-node.sh
# REPETITIONS: runs on each number of ranks, of which the shortest counts, for whatever disturbs a run makes it longer (3).
set -euo pipefail

sora=${SORA:-$SLURM_SUBMIT_DIR/src/SoraHpc.Cli/bin/Release/net10.0/sora}
mpi=${SORA_MPI:-openmpi}
protocol=pmix
if [ "$mpi" = mpich ]; then protocol=pmi2; fi
repetitions=${REPETITIONS:-3}

# seconds_on RANKS [OPTION]…: of the shortest run.
seconds_on() {
    local ranks=$1
    shift
    for ((i = 0; i < repetitions; i++)); do
        srun --ntasks="$ranks" --nodes=$((ranks < SLURM_NNODES ? ranks : SLURM_NNODES)) --mpi="$protocol" --kill-on-bad-exit=1 --wait=30 \
            "$sora" run weather --case 5 --hours "${HOURS:-24}" --elements "${ELEMENTS:-32}" --output "scaling-$SLURM_JOB_ID.h5" --mpi "$mpi" --progress none "$@" |
            sed -n -E 's/^weather: .* in ([0-9.]+) s .*/\1/p'
    done | sort -n | head -n 1
}

table="ranks   seconds   speed-up   efficiency"
alone=
for ((ranks = 1; ranks <= SLURM_NTASKS; ranks *= 2)); do
    seconds=$(seconds_on "$ranks" "$@")
    alone=${alone:-$seconds}
    table+=$'\n'$(awk -v n="$ranks" -v t="$seconds" -v one="$alone" 'BEGIN { printf "%5d %9.2f %10.2f %10.0f %%", n, t, one / t, 100 * one / t / n }')
done
rm -f "scaling-$SLURM_JOB_ID.h5" "scaling-$SLURM_JOB_ID.svg"
echo "$table"
