# shellcheck shell=bash
# What ./dev says while it works, and how it ends: step, say, fail, and the list of processes to stop.

declare -a STARTED=()      # "name pid seconds" of each process this ./dev started, oldest first
declare -a AT_EXIT=()      # functions to call after all of STARTED have ended
STEP_PID=""
STEP_UNBREAKABLE=""        # set: the running step is waited for, not ended, when ./dev has to stop (package installation)

say() {
    printf '%s\n' "$*"
}

# fail WHAT [WHAT TO DO]
fail() {
    printf '\n✘ %s\n' "$1" >&2
    [ $# -lt 2 ] || printf '  %s\n' "$2" >&2
    exit 1
}

# now: milliseconds
now() {
    local t=${EPOCHREALTIME/[.,]/}
    echo "${t%???}"
}

# seconds SINCE: the time since then with one decimal
seconds() {
    local ms=$(($(now) - $1))
    printf '%d.%d' $((ms / 1000)) $((ms % 1000 / 100))
}

# step WHAT LOG COMMAND…: run the command with its output in LOG, show what and how long; on failure the end of the log.
step() {
    local what=$1 log=$2
    shift 2
    if ! try_step "$what" "$log" "$@"; then
        excerpt "$log" >&2
        fail "$what: failed." "The whole output is in ${log#"$ROOT"/}."
    fi
}

# excerpt LOG: all of a short one, the beginning and the end of a long one
excerpt() {
    if [ "$(wc -l <"$1")" -le 60 ]; then
        sed 's/^/    /' "$1"
    else
        sed -e 's/^/    /' -e 15q "$1"
        echo "    […]"
        tail -n 40 "$1" | sed 's/^/    /'
    fi
}

# try_step: as step, but a failure is only marked and returned.
try_step() {
    local what=$1 log=$2 start status=0 beat=15
    shift 2
    start=$(now)
    mkdir -p "$(dirname "$log")"
    set -m
    "$@" >"$log" 2>&1 </dev/null &
    STEP_PID=$!
    set +m
    [ ! -t 1 ] || printf '  … %s' "$what"
    while kill -0 "$STEP_PID" 2>/dev/null; do
        sleep 0.1
        if [ -t 1 ]; then
            printf '\r  … %s %s s' "$what" "$(seconds "$start")"
        elif [ $(($(now) - start)) -gt $((beat * 1000)) ]; then
            printf '  … %s (%d s)\n' "$what" "$beat"
            beat=$((beat + 15))
        fi
    done
    wait "$STEP_PID" || status=$?
    end_group "$STEP_PID"
    STEP_PID=""
    local mark=✔
    [ "$status" -eq 0 ] || mark=✘
    [ ! -t 1 ] || printf '\r\033[K'
    printf '  %s %s (%s s)\n' "$mark" "$what" "$(seconds "$start")"
    return "$status"
}

# end_group PID: ends what a step has left running, such as the servers of a test that was cut short
end_group() {
    local began
    began=$(now)
    [ -z "$STEP_UNBREAKABLE" ] || return 0
    kill -TERM -- "-$1" 2>/dev/null || return 0
    while kill -0 -- "-$1" 2>/dev/null && [ $(($(now) - began)) -lt 10000 ]; do sleep 0.05; done
    kill -KILL -- "-$1" 2>/dev/null || true
}

# with_lock NAME COMMAND…: one ./dev at a time does this; the others wait for it.
with_lock() {
    local name=$1 lock
    shift
    mkdir -p "$BUILD"
    exec {lock}>"$BUILD/.lock-$name"
    flock --nonblock "$lock" || { say "  … waiting for another ./dev ($name)" && flock "$lock"; }
    "$@"
    exec {lock}>&-
}

# start NAME SECONDS COMMAND…: a process that lives as long as this ./dev, in a process group of its own, so that Ctrl-C
# reaches ./dev alone and the ends come in order. Should ./dev be killed outright, the kernel ends the process (pdeathsig).
# SECONDS: how long a clean end may take. Sets LAST_PID.
start() {
    local name=$1 grace=$2
    shift 2
    set -m
    setpriv --pdeathsig TERM -- "$@" </dev/null 9>&- &
    LAST_PID=$!
    set +m
    STARTED+=("$name $LAST_PID $grace")
}

# ends_last: the process just started is to be ended after all others
ends_last() {
    local last=$((${#STARTED[@]} - 1))
    STARTED=("${STARTED[last]}" "${STARTED[@]:0:last}")
}

alive() {
    kill -0 "$1" 2>/dev/null
}

# stop NAME: ask it to end and wait; only past its time is it killed.
stop() {
    local entry name pid grace start kept=()
    for entry in "${STARTED[@]}"; do
        read -r name pid grace <<<"$entry"
        if [ "$name" != "$1" ]; then
            kept+=("$entry")
            continue
        fi
        alive "$pid" || continue
        start=$(now)
        kill -TERM "$pid" 2>/dev/null || true
        while alive "$pid" && [ $(($(now) - start)) -lt $((grace * 1000)) ]; do sleep 0.05; done
        if alive "$pid"; then
            say "  $name (process $pid) did not end within $grace s and is killed."
            kill -KILL "$pid" 2>/dev/null || true
        fi
        wait "$pid" 2>/dev/null || true
    done
    STARTED=("${kept[@]}")
}

stop_all() {
    local i name
    trap '' INT TERM HUP
    if [ -n "$STEP_PID" ]; then
        [ ! -t 1 ] || say ""
        if [ -n "$STEP_UNBREAKABLE" ]; then
            say "" "  … letting the package installation finish, so that it is not left half done"
        else
            kill -TERM -- "-$STEP_PID" 2>/dev/null || true
        fi
        wait "$STEP_PID" 2>/dev/null || true
        end_group "$STEP_PID"
    fi
    for ((i = ${#STARTED[@]} - 1; i >= 0; i--)); do
        read -r name _ <<<"${STARTED[i]}"
        stop "$name"
    done
    for ((i = ${#AT_EXIT[@]} - 1; i >= 0; i--)); do
        "${AT_EXIT[i]}"
    done
    AT_EXIT=()
}

trap stop_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
