#!/usr/bin/env bash
# A real Slurm of two nodes on this machine, for trying job scripts and for the tests; needs root, but neither systemd nor a network.
#
#   ./cluster.sh start [DIR]     prints "export SLURM_CONF=…", which is all that sbatch, srun and the others need
#   ./cluster.sh status [DIR]
#   ./cluster.sh stop [DIR]      ends its jobs and daemons
#
# All its files lie in DIR (default: sora-slurm-UID in the folder for temporary files); it has its own munge, its own ports and its own
# node names, so a Slurm that this machine belongs to is not touched. Starting twice is starting once.
set -euo pipefail

action=${1:-}
dir=${2:-${TMPDIR:-/tmp}/sora-slurm-$(id -u)}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
nodes=(sora1 sora2)
cpus=4
first_port=16817
seconds_to_come_up=20

fail() {
    echo "cluster.sh: $1" >&2
    exit 1
}

# A number that a daemon wrote down may be another program's by now.
is_alive() {
    local name=${1##*/}
    [ -s "$1" ] && { [ "$(cat "/proc/$(cat "$1")/comm")" = "${name%%.*}" ]; } 2>/dev/null
}

# Ports: one for slurmctld and one for each node, in a row; the first row of which nobody listens on any.
free_port() {
    local port taken offset
    for ((port = first_port; port < first_port + 1000; port += 10)); do
        taken=
        for ((offset = 0; offset <= ${#nodes[@]}; offset++)); do
            if (exec 3<>"/dev/tcp/127.0.0.1/$((port + offset))") 2>/dev/null; then
                taken=yes
            fi
        done
        if [ -z "$taken" ]; then
            echo "$port"
            return
        fi
    done
    fail "no free ports between $first_port and $((first_port + 1000))"
}

write_configuration() {
    local port lines="" i
    port=$(free_port)
    for i in "${!nodes[@]}"; do
        lines+="NodeName=${nodes[$i]} NodeHostname=${nodes[$i]} NodeAddr=127.0.0.1 Port=$((port + 1 + i)) CPUs=$cpus RealMemory=1000 State=UNKNOWN\n"
    done
    sed -e "s|@DIR@|$dir|g" -e "s|@HOST@|$(hostname -s)|" -e "s|@PORT@|$port|" -e "s|@FIRST@|$(((port - first_port) * 1000 + 1))|" -e "s|@USER@|$(id -un)|" -e "s|@NODES@|$lines|" \
        "$here/slurm.conf.template" >"$dir/slurm.conf"
}

start_munge() {
    mkdir -p "$dir/munge"
    chmod 755 "$dir" "$dir/munge"                       # munged wants its socket where everybody may come, and nobody else may write
    if [ ! -s "$dir/munge/key" ]; then
        (umask 077 && dd if=/dev/urandom of="$dir/munge/key" bs=128 count=1 status=none)
    fi
    is_alive "$dir/run/munged.pid" || munged --key-file="$dir/munge/key" --socket="$dir/munge/socket" --pid-file="$dir/run/munged.pid" \
        --log-file="$dir/log/munged.log" --seed-file="$dir/munge/seed"
}

# Open MPI names its shared memory after the host: two nodes with one name would write into each other's. So each gets a name of its own,
# in a namespace that begins and ends with its slurmd.
start_node() {
    mkdir -p "$dir/spool.$1" "$dir/tmp.$1"
    # shellcheck disable=SC2016  # the inner shell's words
    is_alive "$dir/run/slurmd.$1.pid" || unshare --uts sh -c 'hostname "$1" && exec slurmd -f "$2" -N "$1"' sh "$1" "$SLURM_CONF"
}

nodes_up() { sinfo --noheader --Node --partition=debug --format=%T 2>/dev/null | grep -c -E '^(idle|mixed|allocated)$' || true; }

start() {
    local program node
    for program in munged slurmctld slurmd sinfo unshare; do
        PATH=$PATH:/usr/sbin command -v "$program" >/dev/null || fail "$program is missing; install slurmctld, slurmd, slurm-client and munge"
    done
    [ "$(id -u)" -eq 0 ] || fail "needs root, for nodes with host names of their own"
    mkdir -p "$dir/run" "$dir/log" "$dir/state"
    is_alive "$dir/run/slurmctld.pid" || write_configuration
    start_munge
    is_alive "$dir/run/slurmctld.pid" || slurmctld -f "$SLURM_CONF"
    for node in "${nodes[@]}"; do
        start_node "$node"
    done
    for ((i = 0; i < 10 * seconds_to_come_up; i++)); do
        if [ "$(nodes_up)" -eq "${#nodes[@]}" ]; then
            echo "export SLURM_CONF=$SLURM_CONF"
            return
        fi
        sleep 0.1
    done
    tail -n 3 "$dir"/log/*.log >&2
    stop
    fail "the nodes did not come up within $seconds_to_come_up s; the last lines of their logs are above"
}

# Jobs first, for their processes are not the daemons' own; then only processes whose numbers these daemons have written down.
stop() {
    local file i
    if is_alive "$dir/run/slurmctld.pid"; then
        scancel --full --signal=KILL --user="$(id -un)" 2>/dev/null || true
        scancel --user="$(id -un)" 2>/dev/null || true
        for ((i = 0; i < 50; i++)); do
            [ -n "$(squeue --noheader 2>/dev/null)" ] || break
            sleep 0.1
        done
    fi
    for file in "$dir"/run/slurmctld.pid "$dir"/run/slurmd.*.pid "$dir"/run/munged.pid; do
        if is_alive "$file"; then
            kill "$(cat "$file")" 2>/dev/null || true
        fi
    done
    for file in "$dir"/run/*.pid; do
        for ((i = 0; i < 50; i++)); do
            is_alive "$file" || break
            sleep 0.1
        done
    done
}

export SLURM_CONF=$dir/slurm.conf
export PATH=$PATH:/usr/sbin
case $action in
    start) start ;;
    stop) stop ;;
    status)
        is_alive "$dir/run/slurmctld.pid" || fail "no cluster runs in $dir"
        sinfo --Node --long
        ;;
    *) echo "usage: cluster.sh start|status|stop [DIR]" >&2; exit 2 ;;
esac
