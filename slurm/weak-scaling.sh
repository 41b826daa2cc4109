#!/usr/bin/env bash
#SBATCH --job-name=weak-scaling
#SBATCH --nodes=2
#SBATCH --ntasks=8
#SBATCH --exclusive
#SBATCH --time=01:00:00
#SBATCH --output=%x-%j.log
# How much longer a plate takes that grows with the ranks: on 1, 2, 4, … ranks each has the same share. With perfect scaling the time
# stays the same. The last lines of the log are the table.
#
#   sbatch slurm/weak-scaling.sh [ROWS [COLUMNS [STEPS]]]              of one rank's share; variables as in single-node.sh
set -euo pipefail

rows=${1:-2000} columns=${2:-2000} steps=${3:-1000}
sora=${SORA:-$SLURM_SUBMIT_DIR/src/SoraHpc.Cli/bin/Release/net10.0/sora}
mpi=${SORA_MPI:-openmpi}
protocol=pmix
if [ "$mpi" = mpich ]; then protocol=pmi2; fi
plate=plate-$SLURM_JOB_ID.h5 cooled=cooled-$SLURM_JOB_ID.h5

table="ranks   seconds   efficiency"
alone=
for ((ranks = 1; ranks <= SLURM_NTASKS; ranks *= 2)); do
    "$sora" data heat --rows $((rows * ranks)) --columns "$columns" --output "$plate" >/dev/null
    seconds=$(srun --ntasks="$ranks" --nodes=$((ranks < SLURM_NNODES ? ranks : SLURM_NNODES)) --mpi="$protocol" --kill-on-bad-exit=1 --wait=30 \
        "$sora" run heat --data "$plate" --output "$cooled" --steps "$steps" --partition slab --mpi "$mpi" --progress none |
        sed -n -E 's/^heat: .* in ([0-9.]+) s .*/\1/p')
    alone=${alone:-$seconds}
    table+=$'\n'$(awk -v n="$ranks" -v t="$seconds" -v one="$alone" 'BEGIN { printf "%5d %9.2f %10.0f %%", n, t, 100 * one / t }')
done
rm -f "$plate" "$cooled"
echo "$table"
