/* customer.reach: how a person can be written to. */
#include "api/reach.h"
#include "api/method.h"
#include "api/shapes.h"
#include "channel/channel.h"
#include "desk/conversation/reach.h"
#include "desk/conversation/rules.h"

struct sender_row {
    const char *address, *name, *signature;
};

struct way_row {
    struct uuid identity_id;
    struct uuid channel_id;
    const char *channel_name;
    int medium;
    const char *address, *from;
    bool usable;
    int closed;
    const char *reason;
    bool unproven;
    int64_t last_here_at;
    int64_t window_until, window_ms;
    int64_t text_max;
    const char *text_unit;
    int64_t undo_ms;
    bool has_subject, has_attachments;
    int64_t copies_max;
    int rich;
    struct list senders;
    int64_t files_max, file_bytes_max, files_bytes_max, files_text_max;
    bool best;
};

struct reach {
    struct list ways;
};

static const char *const RICH_NAMES[] = {"none", "marks", "html", "pictures", NULL};

static SHAPE(SENDER_SHAPE, sender_row, "Sender", "One of our addresses from which mail may go.",
    TEXT_REQ(sender_row, address, "address", 254, "The address."),
    TEXT_REQ(sender_row, name, "name", 200, "The name before it."),
    LINES(sender_row, signature, "signature", 0, "What stands below each answer when it leaves, as plain text; null: nothing does."));
SHAPE(WAY_SHAPE, way_row, "Way", "One way to write to a person.",
    UUID(way_row, identity_id, "identity_id", "To which identity; null: none is known."),
    UUID_REQ(way_row, channel_id, "channel_id", "By which channel."),
    TEXT_REQ(way_row, channel_name, "channel_name", 200, "Its name."),
    ENUM_REQ(way_row, medium, "medium", MEDIUM_NAMES, "By what means."),
    TEXT(way_row, address, "address", 254, "Where it goes to, for people."),
    TEXT(way_row, from, "from", 254, "Which of our addresses it goes out from; null: the channel has none."),
    BOOL(way_row, usable, "usable", "Can be used now."),
    ENUM(way_row, closed, "closed", WAY_CLOSED_NAMES, "Why not; null when it can."),
    SAID(way_row, reason, "reason", "Why not, and what would open it."),
    BOOL(way_row, unproven, "unproven", "Somebody has typed the address in the chat: whoever reads there may be somebody else."),
    TIME(way_row, last_here_at, "last_here_at", "When the person was last heard of there; null: never."),
    TIME(way_row, window_until, "window_until", "Free answers are possible until then; null: always."),
    INT(way_row, window_ms, "window_ms", 0, 0, "So long after each word of the person; 0: always."),
    INT(way_row, text_max, "text_max", 0, 0, "Longest text; 0: no limit."),
    TEXT_REQ(way_row, text_unit, "text_unit", 16, "How it is counted: characters, utf16 or bytes."),
    INT(way_row, undo_ms, "undo_ms", 0, 0, "How long message.cancel is possible; 0: it goes at once."),
    BOOL(way_row, has_subject, "has_subject", "Has a subject."),
    INT(way_row, copies_max, "copies_max", 0, 0, "So many people may have an answer besides (message.send with `to`, `cc`, `bcc`)."),
    ENUM_REQ(way_row, rich, "rich", RICH_NAMES, "What a formatted answer (message.send with `format`) is there: none, plain text; marks, with those that messengers know; html, in full; pictures, in full with the pictures that it names."),
    LIST(way_row, senders, "senders", &SENDER_SHAPE, 0, "Email: from which of our addresses it may go (message.send with `from`), the standard one first."),
    BOOL(way_row, has_attachments, "has_attachments", "Takes files."),
    INT(way_row, files_max, "files_max", 0, 0, "So many with one answer."),
    INT(way_row, file_bytes_max, "file_bytes_max", 0, 0, "So large each, in bytes."),
    INT(way_row, files_bytes_max, "files_bytes_max", 0, 0, "So large together."),
    INT(way_row, files_text_max, "files_text_max", 0, 0, "Longest text with a file; 0: as of any."),
    BOOL(way_row, best, "best", "The one to choose first: usable, and where it will be seen soonest. A chat is that for ten minutes after the visitor's last word; `presence` says whether they are there without a word."));
static SHAPE(REACH, reach, "Reach", "All ways to write to a person.",
    LIST(reach, ways, "ways", &WAY_SHAPE, 0, "Best first."));

static const char *const UNIT_NAMES[] = {"characters", "utf16", "bytes"};

static struct list sender_rows(struct call *call, const struct way *w)
{
    struct list rows = {0}, senders = channel_senders(call->arena, w->account);
    for (size_t i = 0; i < senders.n; i++) {
        const struct sender *s = (struct sender *)senders.items + i;
        const struct signed_for who = {call->caller.agent_name, w->identity ? identity_called(w->identity) : NULL, s};
        *(struct sender_row *)list_grow(call->arena, &rows, sizeof(struct sender_row)) =
            (struct sender_row){s->address, s->name, sender_signature_plain(call->arena, &who)};
    }
    return rows;
}

struct list call_ways(struct call *call, const struct customer *customer)
{
    struct list rows = {0},
                ways = reach_now(call->db, call->arena, call->accounts, customer, (int)call->caller.role, call->now);
    for (size_t i = 0; i < ways.n; i++) {
        const struct way *w = (struct way *)ways.items + i;
        const struct channel_type *type = w->account->type;
        *(struct way_row *)list_grow(call->arena, &rows, sizeof(struct way_row)) =
            (struct way_row){.identity_id = w->identity ? w->identity->id : (struct uuid){{0}},
                             .channel_id = w->account->uuid,
                             .channel_name = w->account->name,
                             .medium = (int)channel_medium(w->account),
                             .address = w->address,
                             .from = w->from,
                             .usable = w->usable,
                             .closed = w->closed,
                             .reason = w->reason,
                             .unproven = w->unproven,
                             .last_here_at = w->last_here,
                             .window_until = w->window_until,
                             .window_ms = type->window_ms,
                             .text_max = type->text_max,
                             .text_unit = UNIT_NAMES[type->text_unit],
                             .undo_ms = type->build ? call->desk->undo_ms : 0,
                             .has_subject = type->has_subject,
                             .copies_max = (int64_t)type->copies_max,
                             .has_attachments = type->files.count > 0,
                             .rich = (int)type->rich,
                             .senders = sender_rows(call, w),
                             .files_max = (int64_t)type->files.count,
                             .file_bytes_max = type->files.each,
                             .files_bytes_max = type->files.total,
                             .files_text_max = type->files.words_max,
                             .best = w->best};
    }
    return rows;
}

static bool reach(struct call *call)
{
    struct customer *c = call_customer(call, &((const struct of_customer *)call->params)->customer_id, "customer_id");
    if (c)
        ((struct reach *)call->result)->ways = call_ways(call, c);
    return c != NULL;
}

METHODS(REACH_METHODS,
    METHOD("customer.reach", "All ways to write to a person, with reasons for those that are closed now.", ROLE_AGENT, METHOD_READS, EFFECT_NONE, &OF_CUSTOMER_SHAPE, &REACH, reach));
