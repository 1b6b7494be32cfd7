# shellcheck shell=bash
# ./dev check, ./dev format, ./dev generate.

# check, the groups of packages it needs, what it looks at. --fast leaves out those marked slow.
CHECKS=(
    "layers|||The #includes obey the layer table"
    "tangles|||No circles of files, none too long, no name twice"
    "format||check|clang-format"
    "lint|||oxlint, oxfmt, that importing does nothing, and no left and right in style sheets"
    "shell||check|shellcheck"
    "paths||check|No machine paths, no addresses in the lock file"
    "types|||TypeScript types"
    "warnings||run test|gcc, warnings as errors"
    "generated||run test|Generated files are not stale"
    "cppcheck|slow|check|cppcheck"
    "tidy|slow|run test check|clang-tidy"
)

# file: the words to throughline that print it
GENERATED=(
    "docs/API.md|describe --markdown"
    "docs/openapi.json|describe --openapi"
    "agent-web/protocol/src/generated.ts|describe --typescript"
    "config/throughline.conf|config"
)

cmd_check() {
    local fast="" row name speed needs what passed=0 failed=() rows=() groups=""
    declare -A chosen=()
    while [ $# -gt 0 ]; do
        case $1 in
            --fast) fast=1 ;;
            *)
                declare -F "check_$1" >/dev/null || fail "There is no check '$1'." "Checks: $(printf '%s ' "${CHECKS[@]%%|*}")"
                chosen[$1]=1
                ;;
        esac
        shift
    done
    for row in "${CHECKS[@]}"; do
        IFS='|' read -r name speed needs what <<<"$row"
        [ ${#chosen[@]} -eq 0 ] || [ -n "${chosen[$name]:-}" ] || continue
        [ -z "$fast" ] || [ "$speed" != slow ] || continue
        rows+=("$row")
        groups+=" $needs"
    done
    # shellcheck disable=SC2046,SC2086
    need_packages $(printf '%s\n' $groups $(npm_group) | sort -u)
    need_npm
    for row in "${rows[@]}"; do
        IFS='|' read -r name speed needs what <<<"$row"
        if try_step "$what" "$BUILD/log/check-$name.log" "check_$name"; then
            passed=$((passed + 1))
        else
            failed+=("$name")
            tail -n 60 "$BUILD/log/check-$name.log" | sed 's/^/      /'
            say "      (all of it: build/log/check-$name.log; this alone again: ./dev check $name)"
        fi
    done
    say ""
    if [ ${#failed[@]} -gt 0 ]; then
        say "$passed checks passed, ${#failed[@]} failed: ${failed[*]}"
        exit 1
    fi
    say "$passed checks passed"
}

# c_sources EXTENSION…: our C files below server/ and tests/
c_sources() {
    local extension names=()
    for extension in "$@"; do names+=(-o -name "*.$extension"); done
    find server tests \( "${names[@]:1}" \) -not -path '*/node_modules/*' -print0 | sort -z
}

check_layers() {
    "$NODE" tests/check/layers.ts "$ROOT" && "$NODE" --test tests/check/layers.test.ts
}

check_tangles() {
    "$NODE" tests/check/tangles.ts "$ROOT" && "$NODE" --test tests/check/tangles.test.ts
}

check_format() {
    c_sources c h cc | xargs -0 --no-run-if-empty clang-format --dry-run -Werror
}

cmd_format() {
    # shellcheck disable=SC2046
    need_packages check $(npm_group)
    need_npm
    c_sources c h cc | xargs -0 --no-run-if-empty clang-format -i
    oxfmt
}

# What oxfmt lays out. tests/system, tests/fault and tests/bench are not among it yet.
TYPESCRIPT=("agent-web/**/*.{ts,tsx}" "tests/{check,lib,web}/**/*.ts")

oxfmt() {
    "$NODE" "$WEB/node_modules/oxfmt/bin/oxfmt" --config "$WEB/.oxfmtrc.json" "$@" "${TYPESCRIPT[@]}"
}

# oxlint finds the other half of itself, which knows the types, by that variable.
check_lint() {
    local status=0
    PATH=${NODE%/*}:$PATH OXLINT_TSGOLINT_PATH=$WEB/node_modules/.bin/tsgolint \
        "$NODE" "$WEB/node_modules/oxlint/bin/oxlint" --config "$WEB/.oxlintrc.json" agent-web tests || status=1
    oxfmt --check || status=1
    "$NODE" tests/check/imports.ts "$ROOT" || status=1
    "$NODE" tests/check/sides.ts "$ROOT" || status=1
    return "$status"
}

check_shell() {
    local script scripts=(dev) # with the parts it sources
    for script in .ci/run tests/lib/cmocka.sh config/*.sh; do
        [ ! -f "$script" ] || scripts+=("$script")
    done
    shellcheck --external-sources --exclude=SC2015 "${scripts[@]}" && "$NODE" --test tests/check/packages.test.ts
}

check_paths() {
    local found=0
    if ! git ls-files -z >"$BUILD/files"; then
        echo "This is no git working copy, so it is not known which files belong to it."
        return 1
    fi
    # The output counts, not the status: a file that is gone or a folder makes grep complain too.
    xargs -0 <"$BUILD/files" grep -InsE --directories=skip '(^|[^a-zA-Z0-9_.-])/(work|root|home/[a-z]+)/' -- >"$BUILD/found" || true
    if [ -s "$BUILD/found" ]; then
        cat "$BUILD/found"
        echo "These name a folder of one machine."
        found=1
    fi
    if grep -nE '"resolved": "[a-z]+:' agent-web/package-lock.json; then
        echo "The lock file names addresses; npm writes none with agent-web/.npmrc: run npm install in agent-web."
        found=1
    fi
    return "$found"
}

check_types() {
    local project status=0
    for project in agent-web/*/tsconfig.json tests/tsconfig.json; do
        [ -f "$project" ] || continue
        echo "$project"
        "$NODE" "$WEB/node_modules/typescript/bin/tsc" --noEmit --project "$project" || status=1
    done
    return "$status"
}

check_warnings() {
    [ -f "$BUILD/check/build.ninja" ] || configure check || return
    ninja -C "$BUILD/check"
}

check_generated() {
    local row file option status=0
    check_warnings || return
    for row in "${GENERATED[@]}"; do
        file=${row%%|*}
        read -ra words <<<"${row#*|}"
        "$BUILD/check/throughline" "${words[@]}" >"$BUILD/described" || return
        diff -u "$file" "$BUILD/described" || {
            echo "$file is stale: run ./dev generate and commit it."
            status=1
        }
    done
    return "$status"
}

cmd_generate() {
    local row file
    local -a words
    need_packages run
    build_server release
    for row in "${GENERATED[@]}"; do
        file=${row%%|*}
        read -ra words <<<"${row#*|}"
        mkdir -p "${file%/*}"
        "$BUILD/release/throughline" "${words[@]}" >"$file.new" || fail "throughline ${words[*]} failed."
        mv "$file.new" "$file"
        say "  ✔ $file"
    done
}

check_cppcheck() {
    find server -name '*.c' -print0 | xargs -0 --no-run-if-empty cppcheck --quiet --std=c11 --language=c -j 2 \
        --enable=warning,performance,portability --inline-suppr --error-exitcode=1 --suppress=missingIncludeSystem \
        --suppressions-list=tests/lib/cppcheck.supp --library=posix,gnu -D_GNU_SOURCE -D__cppcheck__=1 -I server
}

check_tidy() {
    [ -f "$BUILD/check/build.ninja" ] || configure check || return
    find server -name '*.c' -print0 | sort -z |
        xargs -0 --no-run-if-empty -P 2 -n 4 clang-tidy --quiet -p "$BUILD/check" 2>&1 |
        grep -v ' warnings generated\.$'
    [ "${PIPESTATUS[2]}" -eq 0 ]
}
