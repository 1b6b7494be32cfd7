# shellcheck shell=bash
# What has to be on the machine: Debian packages (each with its reason) and the npm packages of agent-web.

# group, package, why
PACKAGES=(
    "run|build-essential|C and C++ compilers"
    "run|cmake|build description"
    "run|ninja-build|build"
    "run|pkg-config|finds the libraries"
    "run|ccache|builds again faster"
    "run|libwebsockets-dev|WebSocket"
    "run|libwebsockets-evlib-uv|libwebsockets on libuv"
    "run|libuv1-dev|event loop, HTTP"
    "run|libmariadb-dev|database client"
    "run|mariadb-server-core|database server (no system service is started)"
    "run|mariadb-client-core|database shell"
    "run|libjson-c-dev|JSON"
    "run|uuid-dev|ids"
    "run|libgmime-3.0-dev|mail"
    "run|libcurl4-openssl-dev|sends to providers"
    "run|libssl-dev|signatures"
    "run|libsodium-dev|passwords and sealed secrets"
    "run|libzxcvbn-dev|refuses weak passwords"
    "run|libphonenumber-dev|phone numbers"
    "run|libinih-dev|config file"
    "run|libsqlite3-dev|search index (FTS5)"
    "run|libstemmer-dev|singular and plural in search"
    "run|libcld2-dev|in what language a text is"
    "run|libmd4c-dev|Markdown of formatted answers"
    "run|libgumbo-dev|HTML of mails as text"
    "run|libical-dev|invitations in mail"
    "run|libcsv-dev|import of people and orders"
    "run|libarchive-dev|export of a person as ZIP"
    "run|libseccomp-dev|keeps the mail parser's process from files and network"
    "run|libjpeg62-turbo-dev|small copies of pictures: JPEG"
    "run|libpng-dev|the same: PNG"
    "run|libgif-dev|the same: GIF"
    "run|libwebp-dev|the same: WebP, and what they are written as"
    "run|libheif-dev|the same: HEIC and AVIF"
    "run|librnp-dev|OpenPGP signatures on mail"
    "run|libnats-dev|fan-out between server processes"
    "run|ca-certificates|trusts what providers and registries show"
    "test|openssl|certificates of the tests"
    "test|libcmocka-dev|C tests"
    "test|mariadb-client|dumps a database, as a backup does, in a test"
    "test|python3-minimal|runs an example of docs/WIDGET.md in a test"
    "test|libasan8|address sanitizer"
    "test|libubsan1|undefined-behaviour sanitizer"
    "test|unzip|opens exported archives in a test"
    "test|curl|hands Postfix's mail over in a test"
    "test|strace|counts system calls in a test"
    "test|systemd|says which system calls its groups are, in a test (no system service is started)"
    "test|postfix|mail tests (left without a configuration, so no system service starts)"
    "test|dovecot-imapd|mailboxes in a test (no system service is started)"
    "test|clamav-daemon|finds a virus in a test (no system service is started)"
    "test|clamav-freshclam|comes with it (no system service is started, and nothing is fetched)"
    "test|nginx|requests through it in a test (no system service is started)"
    "test|haproxy|requests through it in a test (no system service is started)"
    "test|node-llhttp|its generated C is the second opinion on where a request ends"
    "test|nats-server|two servers on one database in a test"
    "test|galera-4|a database cluster of three in a test"
    "test|chromium|browser tests"
    "test|fonts-noto-cjk|Japanese in the browser tests"
    "test|libtsan2|thread sanitizer"
    "test|libfaketime|steps the server's clock in a test"
    "valgrind|valgrind|./dev test --valgrind"
    "check|clang|second compiler, fuzzers"
    "check|libclang-rt-14-dev|sanitizers of clang"
    "check|clang-format|format"
    "check|clang-tidy|static analysis"
    "check|cppcheck|static analysis"
    "check|shellcheck|checks the scripts"
    "check|git|knows which files are checked"
    "npm|nodejs|only to install the npm packages, among them the Node that is used"
    "npm|npm|installs the npm packages"
)

# apt and dpkg hold these while they work; APT_LOCKS: only tests set it.
APT_LOCKS=${APT_LOCKS:-/var/lib/apt/lists/lock /var/lib/dpkg/lock /var/lib/dpkg/lock-frontend /var/cache/apt/archives/lock}

# lock_holder: the process that holds one of them, as "pid name"; nothing when none does
lock_holder() {
    # shellcheck disable=SC2086
    lslocks --noheadings --raw --output PID,COMMAND,PATH | awk -v locks="$APT_LOCKS" '
        BEGIN { split(locks, list, " "); for (i in list) wanted[list[i]] = 1 }
        $3 in wanted && !said++ { print $1, $2 }' # it reads all: lslocks would die of a closed pipe
}

# wait_for_apt: until nobody else installs anything: a machine that has just started does so by itself.
wait_for_apt() {
    local holder told=""
    for ((i = 0; i < ${APT_WAIT_SECONDS:-600}; i++)); do
        holder=$(lock_holder)
        [ -n "$holder" ] || return 0
        [ "$told" = "$holder" ] || say "  … waiting for another program that installs packages (process ${holder% *}, ${holder#* })"
        told=$holder
        sleep 1
    done
    fail "Process ${holder% *} (${holder#* }) has been installing packages for ${APT_WAIT_SECONDS:-600} seconds." \
        "When it is done, or was ended, run this again."
}

# need_packages GROUP…: install what is missing of these groups; asks apt only then.
need_packages() {
    [ $# -gt 0 ] || return 0
    local group row name why wanted=() missing=()
    declare -A reason=() have=()
    for group in "$@"; do
        [[ " ${PACKAGES[*]%%|*} " == *" $group "* ]] ||
            fail "There is no group of packages '$group'." "Groups: $(printf '%s\n' "${PACKAGES[@]%%|*}" | sort -u | tr '\n' ' ')"
        for row in "${PACKAGES[@]}"; do
            [ "${row%%|*}" = "$group" ] || continue
            IFS='|' read -r _ name why <<<"$row"
            wanted+=("$name")
            reason[$name]=$why
        done
    done
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        [ -n "${THROUGHLINE_NO_APT:-}" ] && return
        fail "This is not a Debian machine: apt-get is not here." \
            "Install the equivalents of: ${wanted[*]}; then set THROUGHLINE_NO_APT=1."
    fi
    while read -r status name; do
        [ "$status" = installed ] && have[$name]=1
    done < <(dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null || true)
    for name in "${wanted[@]}"; do
        [ -n "${have[$name]:-}" ] || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0

    say "These Debian packages are missing and get installed:"
    for name in "${missing[@]}"; do
        printf '    %-24s %s\n' "$name" "${reason[$name]}"
    done
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "Installing packages needs root, and there is no sudo here." \
            "Run as root: apt-get update && apt-get install --no-install-recommends ${missing[*]}"
        as_root=(sudo)
        sudo -v
    fi
    wait_for_apt
    STEP_UNBREAKABLE=1
    step "Reading apt's package lists" "$BUILD/log/apt-update.log" "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=600 update -q
    # Unasked, Debian would configure Postfix as this machine's mail server.
    printf 'postfix postfix/main_mailer_type select No configuration\n' | "${as_root[@]}" debconf-set-selections
    step "Installing ${#missing[@]} Debian packages" "$BUILD/log/apt-install.log" \
        "${as_root[@]}" bash "$ROOT/tests/lib/install.sh" "${missing[@]}"
    STEP_UNBREAKABLE=""
}

# need_npm: node_modules as the lock file says. The Node that is used from then on is one of these packages.
need_npm() {
    npm_is_current || with_lock npm install_npm
}

npm_is_current() {
    [ -x "$NODE" ] && "$NODE" "$ROOT/tests/lib/installed.ts" "$WEB"
}

# npm_group: the group of packages that brings npm, when it is wanted and not there; so that apt is asked once only
npm_group() {
    if ! command -v npm >/dev/null && ! npm_is_current; then
        echo npm
    fi
}

# npm leaves out optional packages that do not want the Node it runs under, and Vite's binary does not want Debian's. So
# npm runs under the Node of the lock file, which comes first, alone.
install_npm() {
    npm_is_current && return # another ./dev has done it meanwhile
    # shellcheck disable=SC2046
    need_packages $(npm_group)
    if ! "$NODE" --version >/dev/null 2>&1; then
        step "Fetching Node" "$BUILD/log/npm-node.log" npm_ci --omit=dev --workspaces=false
        "$NODE" --version >/dev/null 2>&1 ||
            fail "npm brought no Node for this machine ($(uname -m))." "Linux with glibc on x86_64 and aarch64 is supported."
    fi
    # npm ci begins with removing node_modules, and Node with it.
    mkdir -p "$BUILD/bootstrap"
    ln -f "$NODE" "$BUILD/bootstrap/node" 2>/dev/null || cp -f "$NODE" "$BUILD/bootstrap/node"
    step "Installing the npm packages" "$BUILD/log/npm.log" npm_ci
}

npm_ci() {
    cd "$WEB" || return
    export npm_config_cache="${npm_config_cache:-$BUILD/npm-cache}" PATH=$BUILD/bootstrap:$PATH
    # Debian's npm finds its parts there because Debian's Node looks there.
    [ ! -d /usr/share/nodejs/npm ] || export NODE_PATH=/usr/share/nodejs:/usr/lib/nodejs
    npm ci --no-progress --loglevel=error "$@"
}
