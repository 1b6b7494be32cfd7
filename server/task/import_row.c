#include "task/import_row.h"

#include "base/text.h"

bool refusal_set(struct refusal *ret, const char *field, const char *said)
{
    ret->field = field;
    ret->said = said;
    return false;
}

/* ---- who it is ---- */

/* What the file says of our writing to such an address: `consent_email`, of the columns that columns.c knows. */
static bool read_consent(struct import *im, const struct row *row, const struct identity_kind_row *kind,
                         enum consent *ret_consent, struct refusal *ret)
{
    const char *column = arena_printf(im->a, "consent_%s", kind->column), *value = row_value(row, column);
    int consent = value ? names_find(CONSENT_NAMES, value) : CONSENT_UNKNOWN;
    if (consent < 0)
        return import_refuse(im, ret, column, import_consent, value);
    *ret_consent = (enum consent)consent;
    return true;
}

static const char *listed_value(struct import *im, const char *column, enum identity_kind kind, const char *value,
                                struct refusal *ret)
{
    const char *country = account_country(im->account, im->run->desk->country);
    enum phone_doubt doubt = PHONE_NONE;
    const char *normal = kind == IDENTITY_PHONE ? phone_listed(im->a, value, country, &doubt)
                                                : identity_normalise(im->a, kind, value, country);
    if (normal)
        return normal;
    if (doubt == PHONE_ROUNDED)
        import_refuse(im, ret, column, import_phone_rounded, value);
    else if (doubt == PHONE_UNSURE)
        import_refuse(im, ret, column, import_phone_unsure, value, country);
    else
        import_refuse(im, ret, column, import_value, value, IDENTITY_KIND_NAMES[kind]);
    return NULL;
}

static bool add_row_identity(struct import *im, const struct row *row, const struct identity_kind_row *kind,
                             const char *column, const char *value, const char *name, struct inbound *in,
                             struct refusal *ret)
{
    enum consent consent = CONSENT_UNKNOWN;
    if (!read_consent(im, row, kind, &consent, ret))
        return false;
    if (kind->space != SPACE_EVERYWHERE && !im->account)
        return import_refuse(im, ret, column, import_account);
    struct identity_ref ref = identity_ref_at(im->account, kind->kind, NULL);
    if (kind->space == SPACE_CUSTOMERS && im->account->type->medium == MEDIUM_SHOP)
        ref.kind = IDENTITY_SHOP_CUSTOMER;
    ref.value = listed_value(im, column, ref.kind, value, ret);
    if (!ref.value)
        return false;
    ref.name = name;
    ref.proof = PROOF_PROVEN;
    ref.consent = consent;
    if (!in->from.value)
        in->from = ref;
    else if (in->n_also < INBOUND_ALSO_MAX)
        in->also[in->n_also++] = ref;
    else
        return import_refuse(im, ret, column, import_ways, INBOUND_ALSO_MAX + 1);
    return true;
}

static bool add_row_identities(struct import *im, const struct row *row, const struct identity_kind_row *kind,
                               const char *name, struct inbound *in, struct refusal *ret)
{
    const char *values[COLUMN_NUMBER_MAX];
    row_numbered(row, kind->column, values);
    for (int i = 1; i <= COLUMN_NUMBER_MAX; i++) {
        if (!values[i - 1])
            continue;
        const char *column = i == 1 ? kind->column : arena_printf(im->a, "%s_%d", kind->column, i);
        if (!add_row_identity(im, row, kind, column, values[i - 1], name, in, ret))
            return false;
    }
    return true;
}

bool import_identities(struct import *im, const struct row *row, struct inbound *in, struct refusal *ret)
{
    const char *name = row_value(row, "name");
    if (name)
        name = utf8_clean(im->a, name, strlen(name), PERSON_NAME_MAX);
    for (const struct identity_kind_row *kind = IDENTITY_KIND_ROWS; kind->name; kind++)
        if (kind->column && !add_row_identities(im, row, kind, name, in, ret))
            return false;
    if (!in->from.value)
        return import_refuse(im, ret, NULL, import_nobody);
    inbound_add_phones(im->a, in);
    return true;
}
