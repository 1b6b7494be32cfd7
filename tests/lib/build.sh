# shellcheck shell=bash
# Building: the server with CMake and Ninja in build/<name>, the browser code with Vite.

export CCACHE_DIR=${CCACHE_DIR:-$BUILD/ccache}

# name: what CMake gets
declare -A CMAKE_OPTIONS=(
    [release]="-DBUILD_TESTS=OFF"
    [check]="-DWERROR=ON"
    [asan]="-DSANITIZE=address,undefined -DWERROR=ON"
    [tsan]="-DSANITIZE=thread -DWERROR=ON"
    [fuzz]="-DFUZZ=ON -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++"
)

# build_server NAME [TARGET…]: build/NAME, as CMAKE_OPTIONS says; all of it, or these targets
build_server() {
    with_lock "$1" build_server_locked "$@"
}

build_server_locked() {
    local name=$1 folder=$BUILD/$1
    if [ ! -f "$folder/build.ninja" ]; then
        step "Configuring build/$name" "$BUILD/log/cmake-$name.log" configure "$name"
    fi
    step "Building the server (build/$name)" "$BUILD/log/build-$name.log" ninja -C "$folder" "${@:2}"
}

configure() {
    local options
    read -ra options <<<"${CMAKE_OPTIONS[$1]}"
    cmake -G Ninja -S "$ROOT" -B "$BUILD/$1" "${options[@]}"
}

# build_web: console and widget, each only when something it is made of changed
build_web() {
    local workspace
    for workspace in console widget; do
        [ -f "$WEB/$workspace/package.json" ] || continue
        with_lock "$workspace" build_workspace "$workspace"
    done
}

build_workspace() {
    local workspace=$1 stamp=$BUILD/stamp/$1
    if [ -d "$WEB/$workspace/dist" ] && [ -f "$stamp" ] && [ -z "$(newer_sources "$stamp" "$workspace")" ]; then
        return
    fi
    mkdir -p "${stamp%/*}"
    touch "$stamp.new"
    step "Building the $workspace" "$BUILD/log/web-$workspace.log" run_script "$workspace" build
    mv "$stamp.new" "$stamp"
}

# newer_sources STAMP WORKSPACE: one source that changed since the stamp, if any
newer_sources() {
    local stamp=$1 workspace=$2
    local from=("$WEB/package-lock.json" "$WEB/tsconfig.base.json" "$WEB/pack.ts" "$WEB/$workspace")
    [ ! -d "$WEB/protocol" ] || from+=("$WEB/protocol")
    # A folder's own time counts too: it changes when a file in it is removed. The workspace's own changes with dist.
    # The pages of the demo shop are served as they are.
    find "${from[@]}" \( -name dist -o -name node_modules -o -path "$WEB/widget/demo" \) -prune -o \
        ! -path "$WEB/$workspace" -newer "$stamp" -print -quit
}

# run_script WORKSPACE SCRIPT: a script of its package.json, under the Node of node_modules
run_script() {
    cd "$WEB/$1" && PATH="${NODE%/*}:$PATH" "$NODE" --run "$2"
}
