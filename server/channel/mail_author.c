#include "channel/mail_author.h"

#include "channel/mail_form.h"

#include "base/text.h"

#include <strings.h>

struct identity_ref mail_nobody(const struct mime_mail *mail, struct arena *a, const char *external_id)
{
    return (struct identity_ref){.kind = IDENTITY_EXTERNAL,
                                 .space = SPACE_OF_ACCOUNT,
                                 .value = external_id_hash(a, external_id, strlen(external_id)),
                                 .name = mail->from.name,
                                 .proof = PROOF_ANONYMOUS};
}

static const char *normal_address(struct arena *a, const struct mime_address *address)
{
    return identity_normalise(a, IDENTITY_EMAIL, address->address, NULL);
}

/* ---- lists that write their own address into From --------------------------------------------------------------------- */

/* Where the list's words begin in "'Ann Example' via Shoes", or NULL. */
static const char *via_in(const char *name)
{
    const char *found = NULL;
    for (const char *p = name; p && (p = strcasestr(p, " via ")) != NULL; p++)
        found = p;
    return found;
}

static const char *name_before_via(struct arena *a, const char *name)
{
    const char *via = via_in(name);
    char *before = text_trim(a, via ? arena_strndup(a, name, (size_t)(via - name)) : "");
    size_t n = strlen(before);
    if (n > 2 && before[0] == '\'' && before[n - 1] == '\'')
        before = arena_strndup(a, before + 1, n - 2);
    return before[0] ? before : NULL;
}

/* The list stands in From: its address, or a name that says so. */
static bool is_list_in_from(const struct mime_mail *mail, const char *from, const char *list)
{
    return via_in(mail->from.name) || (list && strcmp(from, list) == 0);
}

/* Whom a list names as the author of a mail that it has put its own address on, so that DMARC holds: by a header of its own, or else where
 * answers to the author go. Value NULL: nobody, or one of us, which a list cannot say. */
static struct identity_ref author_by_list(const struct channel_account *account, const struct mime_mail *mail,
                                          struct arena *a)
{
    const char *from = normal_address(a, &mail->from), *list = normal_address(a, &mail->list_post);
    bool in_from = from && is_list_in_from(mail, from, list);
    const struct {
        const struct mime_address *address;
        bool counts;
    } rows[] = {{&mail->original_from, true}, {&mail->original_sender, in_from}, {&mail->reply_to, in_from}};
    for (size_t i = 0; mail->from_list && from && i < COUNT_OF(rows); i++) {
        const char *value = rows[i].counts ? normal_address(a, rows[i].address) : NULL;
        bool is_list = value && (strcmp(value, from) == 0 || (list && strcmp(value, list) == 0));
        if (!value || is_list || channel_takes(account, value))
            continue;
        const char *name = rows[i].address->name;
        return (struct identity_ref){.kind = IDENTITY_EMAIL,
                                     .value = value,
                                     .name = name ? name : name_before_via(a, mail->from.name),
                                     .proof = PROOF_CLAIMED};
    }
    return (struct identity_ref){0};
}

/* ---- the whole ------------------------------------------------------------------------------------------------------- */

/* What somebody typed into a form, or a list says: never more than a claim. */
static struct identity_ref author_by_other(const struct channel_account *account, const struct mime_mail *mail,
                                           struct arena *a)
{
    if (!mail_is_form(mail, channel_setting(account, "address")))
        return author_by_list(account, mail, a);
    return (struct identity_ref){.kind = IDENTITY_EMAIL,
                                 .value = normal_address(a, &mail->reply_to),
                                 .name = mail->reply_to.name,
                                 .proof = PROOF_CLAIMED};
}

struct identity_ref mail_author(const struct channel_account *account, const struct mime_mail *mail, struct arena *a,
                                enum mime_auth auth, const char *external_id)
{
    const struct mime_address *candidates[] = {&mail->from, &mail->sender, &mail->return_path, &mail->reply_to};
    struct identity_ref ref = author_by_other(account, mail, a);
    bool by_other = ref.value != NULL;
    ref.kind = IDENTITY_EMAIL;
    ref.proof = PROOF_CLAIMED;
    for (size_t i = 0; i < COUNT_OF(candidates) && !ref.value; i++) {
        ref.value = normal_address(a, candidates[i]);
        ref.name = candidates[i]->name;
    }
    if (ref.value && channel_takes(account, ref.value))
        return (struct identity_ref){0};
    if (!ref.value)
        return mail_nobody(mail, a, external_id);
    if (auth == MIME_AUTH_PASS && !by_other && normal_address(a, &mail->from))
        ref.proof = PROOF_PROVEN;
    if (auth == MIME_AUTH_FAIL) /* whoever wrote: it is not filed under the address */
        ref.kind = IDENTITY_UNVERIFIED_EMAIL;
    return ref;
}
