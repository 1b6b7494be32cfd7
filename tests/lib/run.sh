# shellcheck shell=bash
# ./dev run: a private instance under var/: database, catch-all, server, demo shop.

DEMO_PASSWORD=kettle-and-lantern
# email, name, role
DEMO_LOGINS=(
    "hana@aoyama-finch.example|Hana Aoyama|admin"
    "edgar@aoyama-finch.example|Edgar Finch|supervisor"
    "mia@aoyama-finch.example|Mia Lindqvist|agent"
    "kenji@aoyama-finch.example|Kenji Mori|agent"
    "eleni@aoyama-finch.example|Eleni Papadaki|agent"
)

cmd_run() {
    local fresh="" demo=1 port=8080 began
    began=$(now)
    while [ $# -gt 0 ]; do
        case $1 in
            --fresh) fresh=1 ;;
            --no-demo) demo="" ;;
            --port) [ $# -gt 1 ] && port=$2 && shift || fail "--port wants a number." "For example: ./dev run --port 9000" ;;
            --port=*) port=${1#*=} ;;
            *) fail "./dev run does not know '$1'." "It knows --fresh, --no-demo and --port N." ;;
        esac
        shift
    done
    [[ $port =~ ^[0-9]+$ ]] && [ "$port" -ge 1 ] && [ "$port" -le 65535 ] ||
        fail "'$port' is not a port." "A number from 1 to 65535, for example: ./dev run --port 9000"

    say "Throughline, from $ROOT"
    lock_instance
    [ -z "$fresh" ] || remove_instance
    choose_catchall_ports "$port"
    need_free_port "$port" "Give another one: ./dev run --port 9000"
    need_free_port "$CATCHALL_PORT" "The catch-all's page wants it; stop that program, or start anew: ./dev run --fresh --port 9000"
    need_free_port "$SMTP_PORT" "The catch-all's mail server wants it; stop that program, or start anew: ./dev run --fresh --port 9000"
    # shellcheck disable=SC2046
    need_packages run $(npm_group)
    need_npm
    build_server release
    build_web
    start_instance "$port"
    [ -z "$demo" ] || load_demo "$port"
    banner "$port" "$demo" "$began"
    start log 1 tail --lines=0 --follow "$VAR/log/server.log"
    ends_last
    watch_instance "$port"
}

# One ./dev run in a working copy: file descriptor 9 holds the lock as long as this ./dev lives.
lock_instance() {
    mkdir -p "$VAR/run" "$VAR/log"
    chmod 700 "$VAR" "$VAR/run"
    exec 9>>"$VAR/run/lock"
    flock --nonblock 9 || fail "Another ./dev run is active here (process $(<"$VAR/run/lock"))." \
        "Stop it with Ctrl-C, or work in another copy with its own port: ./dev run --port 9000"
    echo $$ >"$VAR/run/lock"
}

# The catch-all's page and mail server: 8025 and 2525 beside port 8080, else the two after the port. The demo channels
# send there, so an instance keeps them.
choose_catchall_ports() {
    local file=$VAR/catchall.ports
    if [ ! -f "$file" ]; then
        if [ "$1" -eq 8080 ]; then echo 8025 2525; else echo $(($1 + 1)) $(($1 + 2)); fi >"$file"
    fi
    read -r CATCHALL_PORT SMTP_PORT <"$file"
}

need_free_port() {
    if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then
        fail "Port $1 of 127.0.0.1 is taken by another program." "$2"
    fi
}

remove_instance() {
    local name
    for name in mariadb blobs search.index search.index-wal search.index-shm throughline.conf secret.key demo.json logins logins.new catchall.ports; do
        rm -rf "${VAR:?}/$name"
    done
    rm -f "$WEB/widget/demo/channel.json"
    say "  ✔ Removed the earlier instance (--fresh)"
}

# start_instance PORT: database, schema, logins, catch-all, server
start_instance() {
    local port=$1
    export THROUGHLINE_SERVER_LISTEN=127.0.0.1:$port THROUGHLINE_SERVER_PUBLIC_URL=http://127.0.0.1:$port
    export THROUGHLINE_SERVER_DEMO=true
    database_make "$VAR/mariadb" "$VAR/log/mariadb-install.log"
    socket_path "$VAR/run" db.sock
    export THROUGHLINE_DATABASE_SOCKET=$SOCKET_PATH
    export THROUGHLINE_SEARCH_INDEX=$VAR/search.index
    printf '%s' "$SOCKET_PATH" >"$VAR/run/db.socket-path"
    end_orphan_database
    database_start database "$VAR/mariadb" "$SOCKET_PATH" "$VAR/log/mariadb.log"
    DATABASE_PID=$LAST_PID
    [ -f "$VAR/throughline.conf" ] || write_config
    # It may listen elsewhere today; the command line must know it too.
    sed -i -E "s|^(listen = 127.0.0.1:)[0-9]+$|\1$port|; s|^(public_url = http://127.0.0.1:)[0-9]+$|\1$port|" "$VAR/throughline.conf"
    step "Bringing the schema up to date" "$VAR/log/migrate.log" throughline migrate
    [ -f "$VAR/logins" ] || step "Making the demo logins" "$VAR/log/logins.log" make_logins
    start_catchall
    start_server "$port"
}

throughline() {
    "$BUILD/release/throughline" --config "$VAR/throughline.conf" "$@"
}

write_config() {
    cat >"$VAR/throughline.conf.new" <<END
# The private instance of ./dev run; written once, yours to change.
# All settings with their meaning: build/release/throughline config

[server]
listen = 127.0.0.1:8080
public_url = http://127.0.0.1:8080
web_root = $WEB

[database]
socket = $VAR/run/db.sock
name = throughline
user = root
password =

[outgoing]
# Where ./dev simulate plays the providers.
networks = 127.0.0.0/8 ::1

[storage]
blob_dir = $VAR/blobs
secret_key_file = $VAR/secret.key
erasure_log = $VAR/erased.log

[search]
index = $VAR/search.index

[limits]
# ./dev simulate plays all visitors from one address.
chat_people_per_address = 100000
chat_messages_per_address = 100000
# The demo shop is loaded by one token.
searches_per_minute = 100000
END
    mv "$VAR/throughline.conf.new" "$VAR/throughline.conf"
}

# Each login that was made is noted at once, so that an interrupted start goes on where it was.
make_logins() {
    local row email name role
    for row in "${DEMO_LOGINS[@]}"; do
        IFS='|' read -r email name role <<<"$row"
        grep -qsF "$row" "$VAR/logins.new" && continue
        printf '%s\n' "$DEMO_PASSWORD" |
            throughline agent add --email "$email" --name "$name" --role "$role" --password-stdin || return
        printf '%s\n' "$row" >>"$VAR/logins.new"
    done
    mv "$VAR/logins.new" "$VAR/logins"
}

# A database that outlived a ./dev which was killed outright (kill -9) would keep the data folder locked.
end_orphan_database() {
    local pid
    pid=$(cat "$VAR/mariadb/mariadbd.pid" 2>/dev/null) || return 0
    [ -n "$pid" ] && [ "$(readlink "/proc/$pid/cwd" 2>/dev/null)" = "$(readlink -f "$VAR/mariadb")" ] || return 0
    say "  Ending the database of an earlier ./dev run that was killed (process $pid)"
    kill -TERM "$pid" 2>/dev/null || true
    while alive "$pid"; do sleep 0.05; done
}

start_catchall() {
    local began
    began=$(now)
    start catch-all 10 "$NODE" "$WEB/play/catchall.ts" --port "$CATCHALL_PORT" --smtp-port "$SMTP_PORT" \
        --demo "$VAR/demo.json" >>"$VAR/log/catchall.log" 2>&1
    CATCHALL_PID=$LAST_PID
    wait_for_http "$CATCHALL_PORT" /messages "$CATCHALL_PID" "$VAR/log/catchall.log"
    say "  ✔ Catch-all is up ($(seconds "$began") s)"
}

start_server() {
    local port=$1 began
    began=$(now)
    : >"$VAR/log/server.log"
    start server 30 "$BUILD/release/throughline" --config "$VAR/throughline.conf" serve >>"$VAR/log/server.log" 2>&1
    SERVER_PID=$LAST_PID
    wait_for_http "$port" /readyz "$SERVER_PID" "$VAR/log/server.log"
    say "  ✔ Server is up ($(seconds "$began") s)"
}

# wait_for_http PORT PATH PID LOG: until it answers 200
wait_for_http() {
    local port=$1 path=$2 pid=$3 log=$4 began
    began=$(now)
    until [ "$(http_status "$port" "$path")" = 200 ]; do
        if ! alive "$pid" || [ $(($(now) - began)) -gt 30000 ]; then
            tail -n 30 "$log" | sed 's/^/    /' >&2
            fail "http://127.0.0.1:$port$path does not answer." "The log is ${log#"$ROOT"/}."
        fi
        sleep 0.05
    done
}

http_status() {
    local status=""
    {
        exec 3<>"/dev/tcp/127.0.0.1/$1" &&
            printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n\r\n' "$2" "$1" >&3 &&
            read -r -t 5 _ status _ <&3
        exec 3>&-
    } 2>/dev/null
    printf '%s' "$status"
}

load_demo() {
    local port=$1 token=""
    if [ -f "$VAR/demo.json" ] && grep -q '"complete": true' "$VAR/demo.json"; then
        sed -i -E "s|(\"url\": \"http://127.0.0.1):[0-9]+|\1:$port|" "$VAR/demo.json" # it may listen elsewhere today
        return
    fi
    token=$(throughline token add --name "demo shop" --role admin 2>"$VAR/log/token.log") ||
        fail "The demo shop got no token." "See var/log/token.log."
    THROUGHLINE_TOKEN=$token step "Loading the demo shop" "$VAR/log/demo.log" \
        "$NODE" "$WEB/play/demo.ts" --url "http://127.0.0.1:$port" --out "$VAR/demo.json" \
        --catchall "http://127.0.0.1:$CATCHALL_PORT" --smtp "smtp://127.0.0.1:$SMTP_PORT"
}

banner() {
    local port=$1 demo=$2 began=$3 row email name role
    say ""
    say "Throughline is up ($(seconds "$began") s):  http://127.0.0.1:$port"
    say ""
    while IFS='|' read -r email name role; do
        printf '  %-11s %-30s password %s\n' "$role" "$email" "$DEMO_PASSWORD"
    done <"$VAR/logins"
    say ""
    [ -z "$demo" ] || say "  Demo shop with the chat widget   http://127.0.0.1:$port/demo/"
    say "  Catch-all: what is sent          http://127.0.0.1:$CATCHALL_PORT"
    say "  See life in it                   ./dev simulate   (in another terminal)"
    say "  Stop                             Ctrl-C"
    say ""
}

# Until Ctrl-C, or until the server ends by itself. A database that dies is started again, as a service manager would.
watch_instance() {
    local port=$1 ended status
    trap 'say ""; say "Stopping…"; exit 0' INT TERM HUP
    AT_EXIT=(say_stopped "${AT_EXIT[@]}")
    while true; do
        status=0
        # The shell would tell of a killed process in words of its own.
        { wait -n -p ended "$SERVER_PID" "$DATABASE_PID" "$CATCHALL_PID"; } 2>/dev/null || status=$?
        case ${ended:-} in
            "$DATABASE_PID")
                say "  The database ended (status $status) and is started again; its log is var/log/mariadb.log."
                forget "$DATABASE_PID"
                database_start database "$VAR/mariadb" "$THROUGHLINE_DATABASE_SOCKET" "$VAR/log/mariadb.log"
                DATABASE_PID=$LAST_PID
                ends_last
                ;;
            "$CATCHALL_PID")
                say "  The catch-all ended (status $status) and is started again; its log is var/log/catchall.log."
                forget "$CATCHALL_PID"
                start_catchall
                ;;
            *)
                sleep 0.2
                fail "The server ended by itself (status $status)." "Its log is var/log/server.log."
                ;;
        esac
    done
}

say_stopped() {
    say "Stopped. Start again with ./dev run; what it knows is kept in var/."
}

forget() {
    local entry pid kept=()
    for entry in "${STARTED[@]}"; do
        read -r _ pid _ <<<"$entry"
        [ "$pid" = "$1" ] || kept+=("$entry")
    done
    STARTED=("${kept[@]}")
}
