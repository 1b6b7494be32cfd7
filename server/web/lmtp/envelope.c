#include "web/lmtp/envelope.h"

#include "desk/ground/account.h"

#include <strings.h>

void envelope_begin(struct envelope *e, struct accounts *accounts, struct span sender, bool utf8)
{
    struct arena *a = arena_new();
    *e = (struct envelope){
        .arena = a, .accounts = accounts_ref(accounts), .sender = arena_strndup(a, sender.at, sender.n), .utf8 = utf8};
}

void envelope_end(struct envelope *e)
{
    accounts_unref(e->accounts);
    arena_free(e->arena);
    *e = (struct envelope){0};
}

static bool is_address_of(struct arena *a, const struct channel_account *account, const char *address)
{
    struct list own = channel_addresses(a, account);
    for (size_t i = 0; i < own.n; i++)
        if (strcasecmp(((const char **)own.items)[i], address) == 0)
            return true;
    return false;
}

static const struct channel_account *find_channel(const struct envelope *e, struct arena *a, const char *address)
{
    const struct channel_account *items = e->accounts->items.items, *tagged = NULL;
    for (size_t i = 0; i < e->accounts->items.n; i++) {
        if (!items[i].active || !items[i].type->raw_mail)
            continue;
        if (is_address_of(a, &items[i], address))
            return &items[i];
        if (!tagged && channel_takes(&items[i], address))
            tagged = &items[i];
    }
    return tagged;
}

bool envelope_add(struct envelope *e, struct span address)
{
    AUTO_ARENA struct arena *a = arena_new(); /* what is refused leaves nothing */
    const char *normal = identity_normalise(a, IDENTITY_EMAIL, arena_strndup(a, address.at, address.n), NULL);
    const struct channel_account *account = normal ? find_channel(e, a, normal) : NULL;
    e->refused += !account;
    if (account)
        *(struct recipient *)list_grow(e->arena, &e->recipients, sizeof(struct recipient)) =
            (struct recipient){.address = arena_strndup(e->arena, address.at, address.n), .account = account};
    return account != NULL;
}

/* Mail servers name an address twice when two of theirs lead to it. */
static bool is_first(const struct envelope *e, size_t at)
{
    const struct recipient *all = e->recipients.items;
    for (size_t i = 0; i < at; i++)
        if (strcmp(all[i].address, all[at].address) == 0)
            return false;
    return true;
}

void envelope_lines(const struct envelope *e, const struct channel_account *account, struct buf *out)
{
    const struct recipient *all = e->recipients.items;
    buf_printf(out, "Return-Path: <%s>\r\n", e->sender);
    for (size_t i = 0; i < e->recipients.n; i++)
        if ((!account || all[i].account == account) && is_first(e, i))
            buf_printf(out, "Delivered-To: %s\r\n", all[i].address);
}
