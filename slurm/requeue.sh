#!/usr/bin/env bash
#SBATCH --job-name=long-forecast
#SBATCH --nodes=2
#SBATCH --ntasks=4
#SBATCH --time=02:00:00
#SBATCH --signal=B:USR1@120
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=%x-%j.log
# A run longer than the time one job may take: two minutes before the time is over it saves and goes back into the queue, as often as it
# needs to; also when a job of higher rank takes its nodes, or a node fails. The result has the bits of a run that was never interrupted.
#
#   sbatch slurm/requeue.sh [option of "sora run weather"]…            variables as in single-node.sh
#
# sora submit weather … --checkpoint DIR --requeue writes such a script by itself.
set -u

sora=${SORA:-$SLURM_SUBMIT_DIR/src/SoraHpc.Cli/bin/Release/net10.0/sora}
mpi=${SORA_MPI:-openmpi}
protocol=pmix
if [ "$mpi" = mpich ]; then protocol=pmi2; fi
saved_exit_code=75

# Slurm tells this script alone (B:). srun hands the signal on to every rank; all ranks save after the same step. One that comes before a rank
# listens waits for it.
signalled=yes
trap 'signalled=yes; kill -USR1 "${ranks-}"' USR1
trap : TERM
shield=()
if env --block-signal=SIGTERM,SIGUSR1 true 2>/dev/null; then shield=(env --block-signal=SIGTERM,SIGUSR1); fi     # coreutils 8.31 or newer
srun --mpi="$protocol" --kill-on-bad-exit=1 --wait=30 \
    ${shield[@]+"${shield[@]}"} "$sora" run weather --case 5 --hours "${HOURS:-240}" --elements "${ELEMENTS:-32}" --output "forecast-$SLURM_JOB_ID.h5" --mpi "$mpi" \
    --checkpoint "saved-$SLURM_JOB_ID" --checkpoint-every 10m --restart auto "$@" &
ranks=$!
while [ -n "$signalled" ]; do                           # a signal interrupts the wait
    signalled=
    wait "$ranks"
    code=$?
done

# Only while the job runs: one that was cancelled saves too, and stays cancelled.
if [ "$code" -eq "$saved_exit_code" ] && [ "$(squeue --noheader --jobs="$SLURM_JOB_ID" --format=%T)" = RUNNING ]; then
    echo "start $((${SLURM_RESTART_COUNT:-0} + 1)) has saved and goes back into the queue"
    scontrol requeue "$SLURM_JOB_ID"
fi
exit "$code"
