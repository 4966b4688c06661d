#!/bin/sh
# run.sh BUILD SECONDS: fuzzes the emulator, from the PTX files of the tests and
# the inputs that once were wrong. What it finds lies in BUILD/fuzz.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$1
mkdir -p "$build/fuzz/corpus" "$build/fuzz/seeds"
# Small files: each kernel alone is more than enough.
find "$here/inputs" "$here/../Emulator" -name '*.ptx' -size -32k \
  -exec cp {} "$build/fuzz/seeds" \;
exec "$build/bin/moa-fuzz-ptx" -max_total_time="$2" -max_len=16384 \
  -timeout=10 -rss_limit_mb=2048 -dict="$here/ptx.dict" \
  -artifact_prefix="$build/fuzz/" "$build/fuzz/corpus" "$build/fuzz/seeds"
