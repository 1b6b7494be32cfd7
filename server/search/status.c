#include "search/search.h"

#include "search/index.h"

#include <stdio.h>
#include <sys/stat.h>

static int64_t file_bytes(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
}

static int64_t progress_of(const char *path)
{
    struct lite *l = file_bytes(path) ? lite_open(path, LITE_READ) : NULL;
    int64_t progress = l ? index_progress(l) : -1;
    lite_close(l);
    return progress;
}

bool search_status(const struct search_config *config, struct search_status *ret)
{
    char log[4096], next[4096];
    struct lite *l = lite_open(config->path, LITE_READ);
    if (!l)
        return false;
    snprintf(log, sizeof(log), "%s-wal", config->path);
    snprintf(next, sizeof(next), "%s.new", config->path);
    *ret = (struct search_status){
        .bytes = file_bytes(config->path) + file_bytes(log),
        .entries = lite_number(l, "SELECT COUNT(*) FROM entry_fts_content", 0),
        .people = lite_number(l, "SELECT COUNT(*) FROM person_fts_content", 0),
        .progress = index_progress(l),
        .seen = index_state(l, "seen"),
        .rebuild = progress_of(next),
    };
    bool fine = lite_ok(l);
    lite_close(l);
    return fine;
}
