# shellcheck shell=bash
# ./dev bench: builds the release server and the programs of tests/bench, then tests/bench/run.ts or load.ts does the work.

cmd_bench() {
    local program=run
    [ "${1:-}" != load ] || { program=load && shift; }
    # shellcheck disable=SC2046
    need_packages run $(npm_group)
    need_npm
    "$NODE" "$ROOT/tests/bench/$program.ts" --check "$@" || exit # what is wrong with the arguments, before anything is built
    build_server release
    with_lock release build_bench_programs
    mkdir -p "$VAR"
    chmod 700 "$VAR"
    raise_file_limit
    THROUGHLINE_BINARY=$BUILD/release/throughline THROUGHLINE_BENCH_PROGRAMS=$BUILD/release/bench \
        "$NODE" "$ROOT/tests/bench/$program.ts" "$@"
}

build_bench_programs() {
    local folder=$BUILD/release
    grep -qs '^BENCH:BOOL=ON$' "$folder/CMakeCache.txt" ||
        step "Configuring the programs of tests/bench" "$BUILD/log/cmake-bench.log" cmake -DBENCH=ON "$folder"
    step "Building the programs of tests/bench" "$BUILD/log/build-bench.log" ninja -C "$folder"
}

# 10,000 connections on either side
raise_file_limit() {
    ulimit -S -n "$(ulimit -H -n)" 2>/dev/null || true
}
