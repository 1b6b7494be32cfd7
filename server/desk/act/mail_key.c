#include "desk/act/mail_key.h"

#include "base/text.h"
#include "channel/channel.h"
#include "parser/read_key.h"

static bool refuse_key(enum signer_fault fault, struct error *err)
{
    static const enum saying SAYINGS[] = {
        [SIGNER_NO_KEY] = SAID_key_none,         [SIGNER_SECRET] = SAID_key_secret,
        [SIGNER_SEVERAL] = SAID_key_several,     [SIGNER_REVOKED] = SAID_key_revoked,
        [SIGNER_NO_SIGNER] = SAID_key_no_signer,
    };
    return fault == SIGNER_FINE || error_because(err, "text", SAYINGS[fault]);
}

/* Those that are given, in their one form. */
static bool set_addresses(struct arena *a, const struct list *given, struct mail_key *key, struct error *err)
{
    const char *const *texts = given->items;
    if (key->kind == MAIL_KEY_AUTHORITY)
        return true; /* its certificates say themselves */
    if (given->n)
        key->addresses = (struct list){0};
    for (size_t i = 0; i < given->n; i++) {
        const char *address = identity_normalise(a, IDENTITY_EMAIL, texts[i], NULL);
        if (!address)
            return error_set(err, "addresses", not_email, "addresses");
        *(const char **)list_grow(a, &key->addresses, sizeof(address)) = address;
    }
    return key->addresses.n || error_set(err, "addresses", key_for_nobody);
}

bool mail_key_open(struct arena *a, const char *text, const char *label, const struct list *addresses,
                   struct mail_key *ret, struct error *err)
{
    struct signer_facts facts;
    bool died;
    if (strlen(text) > SIGNER_TEXT_MAX)
        return error_set(err, "text", key_long, SIGNER_TEXT_MAX >> 10);
    if (!read_key_apart(a, text, &facts, &died))
        return died ? error_set(err, "text", key_none) : error_set(err, NULL, parser_busy);
    if (!refuse_key(facts.fault, err))
        return false;
    *ret = (struct mail_key){.kind = facts.kind,
                             .label = text_is_blank(label) ? facts.name : label,
                             .fingerprint = facts.fingerprint,
                             .addresses = facts.addresses,
                             .expires_at = facts.expires_at,
                             .material = text};
    return set_addresses(a, addresses, ret, err);
}
