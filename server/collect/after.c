#include "collect/after.h"

#include "base/text.h"
#include "channel/imap.h"

#include <inttypes.h>
#include <stdarg.h>

static enum box_fault run_after(struct hand *h, struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static enum box_fault run_after(struct hand *h, struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    struct imap_command c = {.text = arena_vprintf(a, fmt, ap), .max = IMAP_RESPONSE_MAX};
    va_end(ap);
    return imap_run(h->imap, a, &c);
}

/* Without UIDPLUS (RFC 4315) only all that anybody has marked could be removed: then it stays marked. */
static enum box_fault remove_mail(struct hand *h, struct arena *a, int64_t uid)
{
    enum box_fault fault = run_after(h, a, "UID STORE %" PRId64 " +FLAGS.SILENT (\\Deleted)", uid);
    return fault || !imap_can(h->imap, IMAP_UIDPLUS) ? fault : run_after(h, a, "UID EXPUNGE %" PRId64, uid);
}

static enum box_fault move_mail(struct hand *h, struct arena *a, int64_t uid)
{
    const char *name = imap_name_out(a, channel_setting(h->account, "after_folder"));
    const char *folder = name ? imap_quoted(a, name) : NULL;
    if (imap_can(h->imap, IMAP_MOVE)) /* RFC 6851 */
        return run_after(h, a, "UID MOVE %" PRId64 " %s", uid, folder ? folder : "\"\"");
    enum box_fault fault = run_after(h, a, "UID COPY %" PRId64 " %s", uid, folder ? folder : "\"\"");
    return fault ? fault : remove_mail(h, a, uid);
}

/* An atom, with the backslash of a flag of the system: what could be more than that is no flag. */
static enum box_fault flag_mail(struct hand *h, struct arena *a, int64_t uid)
{
    const char *flag = channel_setting(h->account, "after_flag");
    size_t n = strcspn(flag, " (){%*\"]\r\n");
    return run_after(h, a, "UID STORE %" PRId64 " +FLAGS.SILENT (%.*s)", uid, (int)n, flag);
}

static enum box_fault do_nothing(struct hand *h, struct arena *a, int64_t uid)
{
    (void)h, (void)a, (void)uid;
    return BOX_FINE;
}

static void set_after_problem(struct mailbox *row, void *arg)
{
    row->after_problem = arg;
}

/* What is wrong stands there once, and until it works. */
static enum look_end tell_after(struct hand *h, enum box_fault fault)
{
    char *problem = fault ? (char *)(uintptr_t)said(h->a, mailbox_after, imap_words(h->imap, h->a)) : NULL;
    if (strcmp(problem ? problem : "", h->row->after_problem ? h->row->after_problem : "") == 0)
        return LOOK_DONE;
    enum look_end end = hand_change(h, set_after_problem, problem);
    if (end == LOOK_DONE)
        hand_tell(h);
    return end;
}

enum look_end after_taken(struct hand *h, struct arena *a, int64_t uid)
{
    static enum box_fault (*const DOING[])(struct hand * h, struct arena * a, int64_t uid) = {
        [IMAP_AFTER_NOTHING] = do_nothing,
        [IMAP_AFTER_FLAG] = flag_mail,
        [IMAP_AFTER_MOVE] = move_mail,
        [IMAP_AFTER_DELETE] = remove_mail,
    };
    enum box_fault fault = DOING[imap_after_of(h->account)](h, a, uid);
    return fault == BOX_FINE || fault == BOX_REFUSED ? tell_after(h, fault) : hand_end(h, fault, NULL);
}
