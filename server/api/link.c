/* file.link: a file for somebody who has no account. */
#include "desk/ground/link.h"
#include "api/file.h"
#include "api/method.h"
#include "api/security.h"
#include "api/shapes.h"
#include "base/clock.h"
#include "store/customer.h"
#include "store/entry.h"

#define HOURS_STANDARD 24

struct link_params {
    struct uuid entry_id;
    const char *sha256;
    int64_t hours;
};

struct linked {
    const char *url;
    int64_t until;
};

static SHAPE(LINK, link_params, "FileLinkParams", "Which file, and for how long.",
    UUID_REQ(link_params, entry_id, "entry_id", "The entry that holds it."),
    TEXT_REQ(link_params, sha256, "sha256", 64, "Its content, as the entry's attachments name it."),
    INT(link_params, hours, "hours", 1, LINK_HOURS_MAX, "So long it can be had by the link; default 24."));
static SHAPE(LINKED, linked, "FileLink", "Whoever has it has the file.",
    TEXT_REQ(linked, url, "url", 500, "The link."),
    TIME(linked, until, "until", "Then it is over; before that when no entry holds the content any more, or a virus is found in it."));

static bool audit_link(struct db *db, struct audited *s)
{
    const struct link_params *p = s->params;
    const struct linked *r = s->call->result;
    char at[TIME_TEXT_SIZE];
    struct buf facts = {0};
    time_format(r->until, at);
    facts_text(&facts, "until", at);
    struct audit *audit = audited_note(s, AUDIT_FILE_LINK, p->sha256);
    struct uuid id = entry_customer(db, s->call->arena, &p->entry_id);
    struct customer *customer = customer_get(db, s->call->arena, &id);
    audit->customer = customer ? customer->key : 0;
    audit->after = facts_end(s->call->arena, &facts);
    return true;
}

static bool give_link(struct call *call)
{
    const struct link_params *p = call->params;
    const struct desk *desk = call->desk;
    int64_t hours = p->hours == FIELD_INT_NONE ? HOURS_STANDARD : p->hours;
    struct file_wish wish = {.sha256 = p->sha256};
    bool harmless;
    if (!file_of_entry(call, &p->entry_id, p->sha256) || !file_may_read(call, &wish, &harmless))
        return false;
    struct link link = {p->sha256, (call->now + hours * HOUR_MS) / SECOND_MS * SECOND_MS};
    *(struct linked *)call->result =
        (struct linked){arena_printf(call->arena, "%s/files/%s", desk->public_url,
                                     link_text(call->arena, desk->secret_key, LINK_FOR_PERSON, &link)),
                        link.until};
    struct audited s = {.call = call, .params = p, .change = audit_link};
    return call_audited(&s);
}

METHODS(LINK_METHODS,
    METHOD("file.link", "A link to a file for somebody who has no account: whoever has it has the file, without a log-in, until a time. It stands in the audit.", ROLE_AGENT, 0, EFFECT_NONE, &LINK, &LINKED, give_link, .audits = AUDITS(FILE_LINK)));
