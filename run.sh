#!/usr/bin/env bash
# From a fresh clone to a forecast: installs what is missing, builds, makes the case, runs it on all cores under mpiexec.
# Usage: ./run.sh [CASE] [HOURS]      CASE of the standard test set (Williamson et al. 1992): 1, 2, 5 or 6. Default: 5, 24 hours.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
case_number=${1:-5}
hours=${2:-24}
cores=$(nproc)
sora=(dotnet src/SoraHpc.Cli/bin/Release/net10.0/sora.dll)
data=out/case$case_number.h5
forecast=out/forecast.h5

fail() {
    echo "run.sh: $1" >&2
    exit 1
}

echo "1/4 what is needed"
./install.sh run || fail "what the run needs is not there (above)"
echo "2/4 build"
dotnet build src/SoraHpc.Cli --configuration Release --verbosity quiet || fail "the build failed (above)"
mkdir -p out
echo "3/4 case $case_number"
"${sora[@]}" data weather --case "$case_number" --output "$data" || fail "the case was not made (above)"
echo "4/4 forecast of $hours h on $cores ranks"
"${sora[@]}" run weather --data "$data" --hours "$hours" --output "$forecast" --launcher mpiexec --mpi openmpi --ranks "$cores" ||
    fail "the forecast failed (above); ${sora[*]} doctor says what the machine offers"
