#!/usr/bin/env bash
# Installs what Debian or Ubuntu packages SoraHpc needs and this machine lacks, and says why each is needed.
# Usage: ./install.sh run|test        (quick when nothing is missing; needs root or sudo only when something is)
set -euo pipefail

purpose=${1:-run}
missing=()

has_command() { command -v "$1" >/dev/null 2>&1; }
has_library() { ldconfig -p 2>/dev/null | grep -q -F "$1" || /sbin/ldconfig -p 2>/dev/null | grep -q -F "$1"; }

# need PACKAGE WHY CHECK…: notes the package when the check fails.
need() {
    local package=$1 why=$2
    shift 2
    if ! "$@"; then
        missing+=("$package")
        printf 'missing: %-22s %s\n' "$package" "$why"
    fi
}

need_for_running() {
    need openmpi-bin "starts ranks and carries their messages" has_command mpiexec.openmpi
    need libhdf5-openmpi-103-1 "reads and writes HDF5 files on all Open MPI ranks together" has_library libhdf5_openmpi.so.103
}

need_for_testing() {
    need slurm-wlm "a Slurm of two nodes on this machine, on which job scripts are tested" test -x /usr/sbin/slurmctld
    need munge "the keys of that Slurm" test -x /usr/sbin/munged
    need mpich "the second MPI that the tests run on" has_command mpiexec.mpich
    need libhdf5-mpich-103-1 "HDF5 on MPICH ranks" has_library libhdf5_mpich.so.103
    need libhdf5-103-1 "HDF5 without MPI" has_library libhdf5_serial.so.103
    need libopenblas0-pthread "a native BLAS for the tests of dense algebra" has_library libopenblas.so.0
    need libmetis5 "cuts graphs for --partition graph" has_library libmetis.so.5
    need hdf5-tools "h5diff and h5dump judge the files the tests write" has_command h5diff
    need netcdf-bin "ncdump judges whether files follow the netCDF conventions" has_command ncdump
    need chromium "opens the page of a run, draws it and zooms" has_command chromium
    need gcc "builds the C programs that the library is compared with" has_command gcc
    need libc6-dev "the same" test -e /usr/include/stdio.h
    need libopenmpi-dev "the same, for Open MPI" has_command mpicc.openmpi
    need libmpich-dev "the same, for MPICH" has_command mpicc.mpich
}

if ! has_command dotnet; then
    echo "install.sh: the .NET 10 SDK is missing; see https://dotnet.microsoft.com/download/dotnet/10.0" >&2
    exit 1
fi
case $purpose in
    run) need_for_running ;;
    test) need_for_running; need_for_testing ;;
    *) echo "install.sh: '$purpose' is neither run nor test" >&2; exit 2 ;;
esac
if [ ${#missing[@]} -eq 0 ]; then
    exit 0
fi

if ! has_command apt-get; then
    echo "install.sh: there is no apt-get here; install what these Debian packages hold: ${missing[*]}" >&2
    exit 1
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! has_command sudo; then
        echo "install.sh: installing needs root; run as root: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "installing: ${missing[*]}"
if ! { "${as_root[@]}" apt-get update && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "install.sh: apt-get failed (its last lines are above); wanted were: ${missing[*]}" >&2
    exit 1
fi
