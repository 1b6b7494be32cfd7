#include "task/sweep.h"

#include "base/clock.h"
#include "base/log.h"
#include "desk/guard/login.h"
#include "store/audit.h"
#include "store/block.h"
#include "store/change_log.h"
#include "store/channel_kept.h"
#include "store/draft.h"
#include "store/errand.h"
#include "store/journal.h"
#include "store/login.h"
#include "store/mailbox_sent.h"
#include "store/outbox.h"
#include "store/reader.h"
#include "store/remote_file.h"
#include "store/session.h"
#include "store/sign_in.h"
#include "task/erase_files.h"

#include <inttypes.h>

#define SWEEP_ROWS 2000 /* at once: what is locked meanwhile, and how long everything else that is due waits */
#define VISITOR_ADDRESS_KEEP_MS (30 * DAY_MS)
#define READER_ASIDE_KEEP_MS (30 * DAY_MS)

int64_t sweep_old(struct act *act, const struct due_taken *due)
{
    const struct desk *desk = act->desk;
    const struct {
        int64_t (*some)(struct db *db, int64_t before, int64_t limit);
        int64_t keep_ms;
    } kinds[] = {
        {session_sweep, 0},
        {session_sweep_idle, desk->session_idle_ms},
        {login_buckets_sweep, LOGIN_FORGET_MAX_MS},
        {login_devices_sweep, LOGIN_DEVICE_KEEP_MS},
        {visitor_address_sweep, VISITOR_ADDRESS_KEEP_MS},
        {audit_sweep_logins, desk->journal_keep_ms},
        {receipt_sweep, DAY_MS},
        {change_log_sweep, CHANGE_LOG_KEEP_MS},
        {reader_aside_sweep, READER_ASIDE_KEEP_MS},
        {draft_sweep, DRAFT_KEEP_MS},
        {remote_file_sweep, REMOTE_FILE_KEEP_MS},
        {mailbox_sent_sweep, MAILBOX_SENT_KEEP_MS},
        {sign_in_sweep, 0},
        {errand_sweep, ERRAND_KEEP_MS},
        {channel_kept_sweep, 0},
        {journal_sweep, desk->journal_keep_ms},
        {journal_sweep_failed, desk->failed_keep_ms},
    };
    int64_t swept = 0;
    bool more = false;
    (void)due;
    for (size_t i = 0; i < COUNT_OF(kinds) && db_failure(act->db) == DB_FINE; i++) {
        int64_t n = kinds[i].some(act->db, act->now - kinds[i].keep_ms, SWEEP_ROWS);
        swept += n;
        more = more || n == SWEEP_ROWS;
    }
    if (swept)
        log_info("swept rows=%" PRId64, swept);
    if (!db_fine(act->db, act->err))
        return DUE_FAILED;
    task_files_sweep(desk, act->db, act->a, act->now);
    return more ? act->now : 0;
}
