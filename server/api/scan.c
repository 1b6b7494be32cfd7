/* file.*: what a virus scanner says of files. */
#include "api/file.h"
#include "api/method.h"
#include "api/shapes.h"
#include "store/file_scan.h"

struct scan_params {
    struct uuid entry_id;
    const char *sha256;
};

struct scanner {
    bool configured;
    int64_t waiting, waiting_since;
};

static SHAPE(SCAN, scan_params, "FileScanParams", "A file to look at again.",
    UUID_REQ(scan_params, entry_id, "entry_id", "The entry that holds it."),
    TEXT_REQ(scan_params, sha256, "sha256", 64, "Its content, as the entry's attachments name it."));
static SHAPE(SCANNER, scanner, "Scanner", "The virus scanner, and what waits for it.",
    BOOL(scanner, configured, "configured", "Every file is looked at before anybody gets it ([storage] scanner)."),
    INT(scanner, waiting, "waiting", 0, 0, "Files that wait."),
    TIME(scanner, waiting_since, "waiting_since", "When the first of them came; null: none waits. A file waits some seconds; when it is minutes, the scanner is away."));

static bool write_again(struct db *db, void *arg)
{
    struct call *call = arg;
    const struct scan_params *p = call->params;
    file_scan_again(db, call->arena, p->sha256, call->now);
    return db_failure(db) == DB_FINE;
}

static bool scan_again(struct call *call)
{
    const struct scan_params *p = call->params;
    if (!call->desk->scanner)
        return call_refuse(call, NULL, no_scanner);
    if (!file_of_entry(call, &p->entry_id, p->sha256))
        return false;
    return db_transact(call->db, write_again, call, &call->err);
}

static bool show_scanner(struct call *call)
{
    bool configured = call->desk->scanner != NULL; /* where there is none, nothing waits for it */
    struct file_scan_waiting waiting = {0};
    if (configured)
        waiting = file_scan_waiting(call->db, call->arena);
    *(struct scanner *)call->result = (struct scanner){configured, waiting.n, waiting.since};
    return call_db_fine(call);
}

METHODS(SCAN_METHODS,
    METHOD("file.scan", "Has the virus scanner look at a file again: its signatures may be newer. What it says then is said by every entry that holds it; until then, what it said before.", ROLE_AGENT, 0, EFFECT_NONE, &SCAN, &EMPTY_SHAPE, scan_again),
    METHOD("file.scanner", "Whether files are looked at, and how many wait for it.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &EMPTY_SHAPE, &SCANNER, show_scanner));
