#!/usr/bin/env bash
# Installs what the tests need, builds, and runs all tests: without a launcher and on threads, then under mpiexec of both MPIs.
# The last line is "N passed, N failed, N skipped"; the exit code is 1 when a test failed or a run died.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
passed=0 failed=0 skipped=0

step() { printf '\n== %s\n' "$1"; }

fail() {
    echo "test.sh: $1" >&2
    echo "$passed passed, $((failed + 1)) failed, $skipped skipped"
    exit 1
}

# count NAME CODE PASSED FAILED SKIPPED: adds a run to the sums; a run that ended badly without a failed test counts as one.
count() {
    local name=$1 code=$2
    passed=$((passed + ${3:-0}))
    failed=$((failed + ${4:-0}))
    skipped=$((skipped + ${5:-0}))
    if [ -z "${3:-}" ] || { [ "$code" -ne 0 ] && [ "${4:-0}" -eq 0 ]; }; then
        echo "test.sh: the run '$name' died (exit code $code)" >&2
        failed=$((failed + 1))
    fi
}

# The NUnit executable ends in lines "total: N", "failed: N", "succeeded: N", "skipped: N".
run_alone() {
    local name=$1 code=0 log
    shift
    step "$name"
    log=$(mktemp)
    timeout 900 "$@" 2>&1 | tee "$log" || code=${PIPESTATUS[0]}
    count "$name" "$code" "$(last_number succeeded "$log")" "$(last_number failed "$log")" "$(last_number skipped "$log")"
    rm -f "$log"
}

# Colours, which the test runner uses where it takes the output for a terminal's or a build server's, are left out.
last_number() { sed -E $'s/\x1b\\[[0-9;]*m//g' "$2" | sed -n -E "s/^ *$1: ([0-9]+) *\r?$/\1/p" | tail -n 1; }

# The rank tests end in "N passed, N failed, N skipped" themselves.
run_ranks() {
    local name=$1 code=0 log sums
    shift
    step "$name"
    log=$(mktemp)
    timeout 600 "$@" 2>&1 | tee "$log" || code=${PIPESTATUS[0]}
    sums=$(sed -n -E 's/^([0-9]+) passed, ([0-9]+) failed, ([0-9]+) skipped\r?$/\1 \2 \3/p' "$log" | tail -n 1)
    # shellcheck disable=SC2086  # three numbers, or none when the run died
    count "$name" "$code" $sums
    rm -f "$log"
}

step "What is needed"
./install.sh test || fail "what the tests need is not there (above)"

step "Build"
dotnet build SoraHpc.sln --configuration Release --verbosity quiet || fail "the build failed (above)"

if [ "$(id -u)" -eq 0 ]; then               # Open MPI refuses root unless told twice
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi
tests=tests/SoraHpc.Tests/bin/Release/net10.0/SoraHpc.Tests.dll
rank_tests=tests/SoraHpc.RankTests/bin/Release/net10.0/SoraHpc.RankTests.dll

run_alone "without a launcher, and ranks as threads" dotnet "$tests" --no-ansi
run_ranks "Open MPI, 4 ranks" mpiexec.openmpi -n 4 --oversubscribe --bind-to none --mca orte_execute_quiet 1 dotnet "$rank_tests"
run_ranks "MPICH, 2 ranks" mpiexec.mpich -n 2 dotnet "$rank_tests"

echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
