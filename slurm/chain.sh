#!/usr/bin/env bash
# Three jobs, each of which starts when the one before has ended well (afterok): the data, the forecast from it, a copy with its checksum.
# When one fails those behind it never start; --kill-on-invalid-dep takes them out of the queue.
#
#   slurm/chain.sh [option of "sora run weather"]…                     run it where you would run sbatch; prints the last job's number
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
sora=${SORA:-$top/src/SoraHpc.Cli/bin/Release/net10.0/sora}
mpi=${SORA_MPI:-openmpi}
protocol=pmix
if [ "$mpi" = mpich ]; then protocol=pmi2; fi

# after ID OPTION… -- COMMAND…: submits the command for when job ID has ended well (no ID: at once); prints its number.
after() {
    local dependency=() options=()
    if [ -n "$1" ]; then dependency=(--dependency="afterok:$1" --kill-on-invalid-dep=yes); fi
    shift
    while [ "$1" != -- ]; do options+=("$1"); shift; done
    shift
    sbatch --parsable --time=00:30:00 --output=%x-%j.log "${dependency[@]}" "${options[@]}" --wrap "set -e; $(printf '%q ' "$@")"
}

data=$(after "" --job-name=data --ntasks=1 -- "$sora" data weather --case 5 --output case5.h5)
forecast=$(after "$data" --job-name=forecast --ntasks=2 -- srun --mpi="$protocol" --kill-on-bad-exit=1 --wait=30 \
    "$sora" run weather --data case5.h5 --hours "${HOURS:-24}" --elements "${ELEMENTS:-16}" --output chain.h5 --mpi "$mpi" "$@")
after "$forecast" --job-name=archive --ntasks=1 -- sh -c 'mkdir -p archive && cp chain.h5 archive/ && cd archive && sha256sum chain.h5 >SHA256SUMS'
