# shellcheck shell=bash
# The private MariaDB: its own data folder, a unix socket, no TCP, no system service.

# database_make DATA LOG: the data folder, when there is none
database_make() {
    local data=$1 log=$2 as=()
    [ ! -d "$data/mysql" ] || return 0
    [ "$(id -u)" -ne 0 ] || as=(--user=root)
    rm -rf "$data.new"
    mkdir -p "${data%/*}/tmp" # a MariaDB that starts removes the temporary files of others in the same folder
    step "Making the private database" "$log" \
        mariadb-install-db --no-defaults --datadir="$data.new" --tmpdir="${data%/*}/tmp" "${as[@]}" \
        --auth-root-authentication-method=normal --skip-test-db --skip-name-resolve
    mv "$data.new" "$data"
}

# database_start NAME DATA SOCKET LOG: start it and wait until it answers
database_start() {
    local name=$1 data=$2 socket=$3 log=$4 as=() began pid
    [ "$(id -u)" -ne 0 ] || as=(--user=root)
    mkdir -p "${data%/*}/tmp"
    began=$(now)
    start "$name" 60 "$(database_server)" --no-defaults --datadir="$data" --tmpdir="${data%/*}/tmp" --socket="$socket" \
        --pid-file="$data/mariadbd.pid" --log-error="$log" "${as[@]}" \
        --skip-networking --skip-name-resolve --skip-log-bin --performance-schema=OFF \
        --innodb-flush-log-at-trx-commit=1 --innodb-buffer-pool-size=256M --max-allowed-packet=64M \
        --transaction-isolation=READ-COMMITTED --query-cache-type=OFF --max-connections=200 \
        --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_ci --default-time-zone=+00:00 >>"$log" 2>&1
    pid=$LAST_PID
    until database_answers "$socket"; do
        alive "$pid" || {
            tail -n 20 "$log" | sed 's/^/    /' >&2
            fail "The private database did not start." "Its log is ${log#"$ROOT"/}."
        }
        [ $(($(now) - began)) -lt 60000 ] || fail "The private database did not answer within 60 s." "See ${log#"$ROOT"/}."
        sleep 0.05
    done
    say "  ✔ Private database is up ($(seconds "$began") s)"
}

database_answers() {
    [ -S "$1" ] && mariadb --no-defaults --socket="$1" --user=root --execute='SELECT 1' >/dev/null 2>&1
}

database_server() {
    command -v mariadbd || echo /usr/sbin/mariadbd
}

# socket_path FOLDER NAME: prints where the socket goes. A unix socket's path has at most 107 bytes, so a deep
# working copy gets a short symbolic link to the folder under /tmp, removed at the end (SHORT_LINKS).
socket_path() {
    local folder=$1 name=$2 short
    if [ "$(printf '%s' "$folder/$name" | wc -c)" -le 107 ]; then
        SOCKET_PATH=$folder/$name
        return
    fi
    short=$(mktemp -d /tmp/throughline-XXXXXX)
    ln -s "$folder" "$short/run"
    SHORT_LINKS+=("$short")
    say "  The path of this folder is too long for a unix socket; it is reached through $short/run."
    SOCKET_PATH=$short/run/$name
}

SHORT_LINKS=()
remove_short_links() {
    local short
    for short in "${SHORT_LINKS[@]}"; do
        rm -f "$short/run" && rmdir "$short"
    done
}
AT_EXIT+=(remove_short_links)
