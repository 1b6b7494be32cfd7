# shellcheck shell=bash
# ./dev test: the suites, each with its result, and one summary (tests/lib/summary.ts) at the end.

# suite: what it is, in the order they run
SUITES=(unit store fuzz play system tsan fault web)

# A suite, or a test, that takes longer hangs: it is ended, and counts as failed.
SUITE_SECONDS_MAX=1800
TEST_SECONDS_MAX=180

# The build that the tests run, one of CMAKE_OPTIONS.
TEST_BUILD=asan

# What takes longer than the plain run by design.
take_your_time() {
    SUITE_SECONDS_MAX=14400
    TEST_SECONDS_MAX=7200
}

# option of ./dev test: what it sets
test_option() {
    case $1 in
        --long)
            export THROUGHLINE_FAULT=long # the suite fault hurts ten times as often
            ;;
        --tsan)
            TEST_BUILD=tsan
            export THROUGHLINE_SLOWNESS=4
            ;;
        --valgrind)
            TEST_BUILD=check
            need_packages valgrind
            export THROUGHLINE_SLOWNESS=20
            export THROUGHLINE_WRAPPER="valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=definite \
--errors-for-leak-kinds=definite --num-callers=24 --suppressions=$ROOT/tests/lib/valgrind.supp"
            ;;
        *) return 1 ;;
    esac
    take_your_time
}

declare -A SUITE_FILES=(
    [unit]="tests/unit/test_*.c"
    [store]="tests/store/test_*.c"
    [fuzz]="tests/fuzz/fuzz_*.c"
    [play]="tests/check/*.test.ts agent-web/*/test/*.test.ts agent-web/play/*.test.ts"
    [system]="tests/system/*.test.ts"
    # loop, workers, lanes, couriers and the index thread, with the thread sanitizer; --tsan runs any suite so
    [tsan]="tests/system/chat.test.ts tests/system/search.test.ts tests/system/timeline.test.ts"
    [fault]="tests/fault/*.test.ts"
    [web]="tests/web/*.test.ts"
)

cmd_test() {
    local argument suite
    declare -A chosen=() only=()
    for argument in "$@"; do
        if test_option "$argument"; then
            continue
        elif [[ $argument == -* ]]; then
            fail "./dev test does not know '$argument'." "It knows --long, --tsan and --valgrind."
        elif [ -f "$argument" ]; then
            suite=$(suite_of "$argument") || fail "$argument is in no suite." "Suites: ${SUITES[*]}"
            only[$suite]+=" $argument"
        else
            [ -n "${SUITE_FILES[$argument]:-}" ] || fail "There is no suite and no file '$argument'." "Suites: ${SUITES[*]}"
            suite=$argument
        fi
        chosen[$suite]=1
    done
    [[ " $* " != *" --tsan "* || " $* " != *" --valgrind "* ]] ||
        fail "--tsan and --valgrind do not go together." "Give one of them."
    if [ ${#chosen[@]} -eq 0 ]; then
        for suite in "${SUITES[@]}"; do chosen[$suite]=1; done
        [ "$TEST_BUILD" = asan ] || unset "chosen[tsan]"
    fi

    # shellcheck disable=SC2046
    need_packages run test $(npm_group)
    need_npm
    [ "${!chosen[*]}" = play ] || build_server "$TEST_BUILD"
    [ -z "${chosen[tsan]:-}" ] || build_server tsan throughline
    if needs_release "${chosen[system]:-}" "${only[system]:-}"; then build_server release throughline; fi
    [ -z "${chosen[web]:-}${chosen[system]:-}${chosen[tsan]:-}${chosen[fault]:-}" ] || build_web
    export RESULTS=$BUILD/results/$$
    make_results_folder
    test_environment
    if [ -n "${chosen[store]:-}${chosen[system]:-}${chosen[tsan]:-}${chosen[fault]:-}${chosen[web]:-}" ]; then
        start_test_database
    fi
    for suite in "${SUITES[@]}"; do
        [ -z "${chosen[$suite]:-}" ] || run_suite "$suite" "${only[$suite]:-}"
    done
    "$NODE" "$ROOT/tests/lib/summary.ts" "$RESULTS"
}

# needs_release CHOSEN FILES: of the suite system, these run what is installed and not what is sanitized.
needs_release() {
    [ -n "$1" ] && [[ -z $2 || $2 == *unit_file* || $2 == *signed* ]]
}

# build/results/<pid>: of this run; those of earlier runs go.
make_results_folder() {
    local folder
    for folder in "$BUILD"/results/*; do
        [ -d "/proc/${folder##*/}" ] || rm -rf "$folder"
    done
    rm -rf "$RESULTS"
    mkdir -p "$RESULTS"
}

suite_of() {
    local file suite pattern
    file=$(realpath --relative-to="$ROOT" "$1")
    for suite in "${SUITES[@]}"; do
        for pattern in ${SUITE_FILES[$suite]}; do
            # shellcheck disable=SC2053
            [[ $file == $pattern ]] && echo "$suite" && return
        done
    done
    return 1
}

test_environment() {
    export THROUGHLINE_SOURCE=$ROOT
    export THROUGHLINE_BINARY=$BUILD/$TEST_BUILD/throughline
    export THROUGHLINE_RELEASE=$BUILD/release/throughline
    export CHROMIUM=${CHROMIUM:-/usr/bin/chromium}
    export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1
    export LSAN_OPTIONS=suppressions=$ROOT/tests/lib/lsan.supp:print_suppressions=0
    export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
    export TSAN_OPTIONS=exitcode=66:second_deadlock_stack=1:suppressions=$ROOT/tests/lib/tsan.supp
    export G_SLICE=always-malloc
    export PATH=${NODE%/*}:$PATH:/usr/sbin # where mariadbd is
    mkdir -p "$VAR"
    chmod 700 "$VAR"
}

# A database of this ./dev test alone, gone when it ends.
start_test_database() {
    mkdir -p "$VAR/test-db"
    TEST_DB=$(mktemp -d "$VAR/test-db/XXXXXX")
    AT_EXIT+=(remove_test_database)
    database_make "$TEST_DB/data" "$TEST_DB/install.log"
    socket_path "$TEST_DB" db.sock
    database_start test-database "$TEST_DB/data" "$SOCKET_PATH" "$TEST_DB/mariadb.log"
    export THROUGHLINE_TEST_DB=$SOCKET_PATH
}

remove_test_database() {
    rm -rf "$TEST_DB"
}

# run_suite SUITE FILES: only FILES when given. Adds to RESULTS/suites.tsv: name, exit status, seconds, files.
run_suite() {
    local suite=$1 files=() began status=0
    if [ -n "$2" ]; then
        read -ra files <<<"$2"
    else
        mapfile -t files < <(files_of "$suite")
    fi
    began=$(now)
    if [ ${#files[@]} -gt 0 ]; then
        case $suite in
            unit | store | fuzz) try_step "Tests: $suite" "$RESULTS/$suite.log" run_c "$suite" "${files[@]}" || status=$? ;;
            tsan) try_step "Tests: $suite" "$RESULTS/$suite.log" run_tsan "${files[@]}" || status=$? ;;
            *) try_step "Tests: $suite" "$RESULTS/$suite.log" run_node "$suite" "${files[@]}" || status=$? ;;
        esac
    fi
    printf '%s\t%d\t%s\t%d\n' "$suite" "$status" "$(seconds "$began")" "${#files[@]}" >>"$RESULTS/suites.tsv"
}

files_of() {
    local pattern
    for pattern in ${SUITE_FILES[$1]}; do
        compgen -G "$pattern" || true
    done | sort
}

# C programs, by ctest; tests/lib/cmocka.sh has each write RESULTS/xml/<suite>-<program>-<group>.xml
run_c() {
    local suite=$1 file names=()
    shift
    for file in "$@"; do
        file=${file##*/}
        file=${file%.c}
        names+=("${file#fuzz_}")
    done
    mkdir -p "$RESULTS/xml"
    ctest --test-dir "$BUILD/$TEST_BUILD" --parallel 2 --output-on-failure \
        --no-tests=error --tests-regex "^$suite/($(IFS='|' && echo "${names[*]}"))\$" \
        --output-junit "$RESULTS/$suite.ctest.xml"
}

run_tsan() {
    THROUGHLINE_BINARY=$BUILD/tsan/throughline THROUGHLINE_SLOWNESS=4 run_node tsan "$@"
}

# A mount namespace, where it can be had: disks that a test fills are mounted in it, and gone with it.
own_mounts() {
    local way
    for way in "unshare --mount" "unshare --user --map-root-user --mount"; do
        if $way true 2>/dev/null; then
            echo "$way"
            return
        fi
    done
}

run_node() {
    local suite=$1 within=()
    shift
    [ "$suite" != fault ] || read -ra within <<<"$(own_mounts)"
    "${within[@]}" timeout --foreground --kill-after=10 "$SUITE_SECONDS_MAX" "$NODE" --test --test-concurrency=2 --test-timeout=$((TEST_SECONDS_MAX * 1000)) \
        --test-reporter="$ROOT/tests/lib/reporter.ts" --test-reporter-destination="$RESULTS/$suite.jsonl" \
        --test-reporter=spec --test-reporter-destination=stdout "$@"
}
