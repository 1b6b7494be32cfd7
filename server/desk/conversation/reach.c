#include "desk/conversation/reach.h"

#include "base/clock.h"
#include "base/text.h"
#include "store/entry.h"

/* The address that a visitor has left in the chat, where mail can go when nobody is there any more. */
static bool by_left_address(const struct channel_type *type, const struct identity *d)
{
    return type->reaches == IDENTITY_EMAIL && d->kind == IDENTITY_VISITOR && d->left_email;
}

/* A mail whose sender is not proven could be answered, but to whom? */
static bool fits(const struct channel_type *type, const struct channel_account *account, const struct identity *d)
{
    int kind = d->kind == IDENTITY_UNVERIFIED_EMAIL ? IDENTITY_EMAIL : d->kind;
    if (by_left_address(type, d))
        return true;
    enum identity_kind reaches = channel_reaches(account);
    return reaches != IDENTITY_NONE && (int)reaches == kind && d->scope == identity_scope_at(account, reaches);
}

const char *const WAY_CLOSED_NAMES[] = {"off",      "write_first", "window_over", "opted_out", "bounced",
                                        "unproven", "no_identity", "restricted",  NULL};

void way_refuse(const struct way *w, struct error *err)
{
    const struct channel_type *type = w->account->type;
    switch (w->closed) {
    case WAY_WRITE_FIRST:
        error_set(err, "channel_id", way_write_first, type->name);
        break;
    case WAY_WINDOW_OVER:
        error_set(err, "channel_id", way_window_over, (int)(type->window_ms / HOUR_MS), type->name);
        break;
    case WAY_NO_IDENTITY:
        error_set(err, "channel_id", way_no_identity, type->name);
        break;
    default:
        error_because(err, "channel_id",
                      w->closed == WAY_OFF         ? SAID_way_off
                      : w->closed == WAY_OPTED_OUT ? SAID_way_opted_out
                      : w->closed == WAY_BOUNCED   ? SAID_way_bounced
                      : w->closed == WAY_UNPROVEN  ? SAID_way_unproven
                                                   : SAID_way_restricted);
    }
}

static const char *reason_of(struct arena *a, const struct way *w)
{
    struct error err;
    if (w->closed < 0)
        return NULL;
    way_refuse(w, &err);
    return said_join(a, error_said(a, &err), w->closed == WAY_BOUNCED ? w->identity->bounced_reason : NULL);
}

/* Whoever has written to us since they opted out wants an answer. */
static bool opted_out(const struct identity *d)
{
    return d->consent == CONSENT_REFUSED && d->last_in_at <= d->consent_at;
}

static int closed_why(const struct way *w, int role, int64_t now)
{
    const struct channel_type *type = w->account->type;
    const struct identity *d = w->identity;
    if (role < (int)w->account->readers)
        return WAY_RESTRICTED;
    if (!w->account->active)
        return WAY_OFF;
    if (d->kind == IDENTITY_UNVERIFIED_EMAIL)
        return WAY_UNPROVEN;
    if (opted_out(d))
        return WAY_OPTED_OUT;
    if (d->bounced_at && type->reaches == IDENTITY_EMAIL) /* only mail bounces */
        return WAY_BOUNCED;
    if (type->window_ms && !w->window_until)
        return WAY_WRITE_FIRST;
    return type->window_ms && w->window_until <= now ? (int)WAY_WINDOW_OVER : -1;
}

/* A message to one of our numbers opens no window of another. */
static int64_t last_in_by(const struct way *w, const struct list *last_in)
{
    if (w->identity->last_in_channel == w->account->id)
        return w->identity->last_in_at;
    for (size_t i = 0; i < last_in->n; i++) {
        const struct last_in *l = (struct last_in *)last_in->items + i;
        if (l->identity == w->identity->key && l->channel == w->account->id)
            return l->at;
    }
    return 0;
}

static void judge(struct arena *a, struct way *w, const struct list *last_in, int role, int64_t now)
{
    int64_t window = w->account->type->window_ms, last = window ? last_in_by(w, last_in) : 0;
    w->window_until = last ? last + window : 0;
    w->closed = closed_why(w, role, now);
    w->reason = reason_of(a, w);
    w->usable = w->closed < 0;
}

static const char *address_of(const struct channel_type *type, const struct identity *d)
{
    if (by_left_address(type, d))
        return d->left_email;
    return (identity_kind_row(d->kind)->flags & KIND_OPAQUE) && !text_is_blank(d->name) ? d->name : d->value;
}

static const char *own_address(const struct channel_account *account)
{
    const char *address = channel_setting(account, "address");
    return text_is_blank(address) ? NULL : address;
}

/* Nobody looks at a chat whose visitor has gone, until they come back; and an address that was only typed may be another's. */
static bool is_second(const struct way *w)
{
    return w->unproven || (w->account->type->medium == MEDIUM_CHAT && !w->is_there);
}

/* Usable before closed; where it will be seen before where nobody is; where the person wrote last before others. */
static int by_merit(const void *x, const void *y)
{
    const struct way *p = x, *q = y;
    if (p->usable != q->usable)
        return p->usable ? -1 : 1;
    if (!p->identity || !q->identity)
        return (p->identity == NULL) - (q->identity == NULL);
    if (is_second(p) != is_second(q))
        return is_second(p) ? 1 : -1;
    int64_t pl = p->identity->last_in_channel == p->account->id ? p->identity->last_in_at : p->identity->last_in_at / 2;
    int64_t ql = q->identity->last_in_channel == q->account->id ? q->identity->last_in_at : q->identity->last_in_at / 2;
    return pl == ql ? 0 : pl > ql ? -1 : 1;
}

/* One row for each active account that reaches nothing that is known. */
static void add_missing(struct arena *a, const struct accounts *accounts, int role, struct list *ways)
{
    const struct channel_account *items = accounts->items.items;
    for (size_t k = 0; k < accounts->items.n; k++) {
        bool known = channel_reaches(&items[k]) == IDENTITY_NONE || !items[k].active || role < (int)items[k].readers;
        for (size_t i = 0; i < ways->n && !known; i++)
            known = channel_reaches(((struct way *)ways->items)[i].account) == channel_reaches(&items[k]);
        if (known)
            continue;
        struct way *w = list_grow(a, ways, sizeof(*w));
        *w = (struct way){.account = &items[k], .address = "", .closed = WAY_NO_IDENTITY};
        w->reason = reason_of(a, w);
    }
}

/* The same address is a way of its own. */
static bool has_email(const struct customer *customer, const char *address)
{
    const struct identity *d = customer->identities.items;
    for (size_t i = 0; i < customer->identities.n; i++)
        if (d[i].kind == IDENTITY_EMAIL && strcmp(d[i].value, address) == 0)
            return true;
    return false;
}

struct list reach_of(struct arena *a, const struct accounts *accounts, const struct customer *customer,
                     const struct list *last_in, int role, int64_t now)
{
    struct list ways = {0};
    const struct identity *identities = customer->identities.items;
    const struct channel_account *items = accounts->items.items;
    for (size_t i = 0; i < customer->identities.n; i++) {
        for (size_t k = 0; k < accounts->items.n; k++) {
            if (!fits(items[k].type, &items[k], &identities[i]) ||
                (by_left_address(items[k].type, &identities[i]) && has_email(customer, identities[i].left_email)))
                continue;
            struct way *w = list_grow(a, &ways, sizeof(*w));
            *w = (struct way){.identity = &identities[i],
                              .account = &items[k],
                              .address = address_of(items[k].type, &identities[i]),
                              .from = own_address(&items[k]),
                              .last_here = identities[i].last_in_at,
                              .is_there = identities[i].last_in_at > now - CHAT_JUST_THERE_MS,
                              .unproven = by_left_address(items[k].type, &identities[i])};
            judge(a, w, last_in, role, now);
        }
    }
    add_missing(a, accounts, role, &ways);
    if (ways.n > 1)
        qsort(ways.items, ways.n, sizeof(struct way), by_merit);
    struct way *first = ways.items;
    if (ways.n && first->usable)
        first->best = true;
    return ways;
}

const struct way *way_find(const struct list *ways, const struct uuid *identity, const struct uuid *channel)
{
    const struct way *items = ways->items;
    for (size_t i = 0; i < ways->n; i++)
        if (items[i].identity && uuid_equal(&items[i].identity->id, identity) &&
            uuid_equal(&items[i].account->uuid, channel))
            return &items[i];
    return NULL;
}

/* An identity that may have an open window at another account than it wrote to last; *since: how far to look back. */
static bool may_be_open_elsewhere(const struct accounts *accounts, const struct identity *d, int64_t now,
                                  int64_t *since)
{
    const struct channel_account *items = accounts->items.items;
    bool may = false;
    for (size_t k = 0; k < accounts->items.n; k++) {
        int64_t from = now - items[k].type->window_ms;
        if (items[k].type->window_ms && items[k].id != d->last_in_channel && d->last_in_at > from &&
            fits(items[k].type, &items[k], d)) {
            may = true;
            *since = from < *since ? from : *since;
        }
    }
    return may;
}

struct list reach_now(struct db *db, struct arena *a, const struct accounts *accounts, const struct customer *customer,
                      int role, int64_t now)
{
    const struct identity *d = customer->identities.items;
    struct list keys = {0}, last_in = {0};
    int64_t since = now;
    for (size_t i = 0; i < customer->identities.n; i++)
        if (may_be_open_elsewhere(accounts, &d[i], now, &since))
            *(int64_t *)list_grow(a, &keys, sizeof(int64_t)) = d[i].key;
    if (keys.n)
        last_in = entry_last_in_each(db, a, keys.items, keys.n, since);
    return reach_of(a, accounts, customer, &last_in, role, now);
}
