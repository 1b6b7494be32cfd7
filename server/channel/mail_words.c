#include "channel/mail_words.h"

#include "channel/kit.h"
#include "channel/mail_subject.h"
#include "channel/mime_report.h"
#include "channel/quote.h"

#include <string.h>

#define ATTACHED 500 /* bytes of a header of an attached mail that are kept */

static const char *attached_text(struct arena *a, struct mime_bytes mail, const char *name)
{
    return line_cut(a, mime_header_text(a, mime_report_field(a, mail, name)), ATTACHED);
}

/* A mail that is attached, as Outlook's "as attachment" does; of several nobody knows which is meant. */
static bool attached_mail(const struct mime_mail *mail, struct arena *a, struct forward *ret)
{
    const struct attachment *files = mail->attachments.items, *one = NULL;
    for (size_t i = 0; i < mail->attachments.n; i++)
        if (strcmp(files[i].type, "message/rfc822") == 0 && files[i].data) {
            if (one)
                return false;
            one = &files[i];
        }
    if (!one || !mail_subject_forwards(mail->subject))
        return false;
    struct mime_bytes bytes = {one->data, (size_t)one->size};
    struct list from = mime_addresses(a, mime_report_field(a, bytes, "From"));
    const struct mime_address *author = from.items;
    if (!from.n)
        return false;
    *ret = (struct forward){.name = author->name,
                            .address = author->address,
                            .subject = attached_text(a, bytes, "Subject"),
                            .date = attached_text(a, bytes, "Date"),
                            .inner_at = (long)strlen(mail->text)};
    return true;
}

static bool passes_on(const struct mime_mail *mail, struct arena *a, struct forward *ret)
{
    if (!forward_find(mail->text, mail->subject, a, ret) && !attached_mail(mail, a, ret))
        return false;
    ret->address = ret->address ? identity_normalise(a, IDENTITY_EMAIL, ret->address, NULL) : NULL;
    return ret->name || ret->address;
}

static struct json_object *forward_json(const struct forward *forward)
{
    struct json_object *json = json_object_new_object();
    payload_text(json, "name", forward->name);
    payload_text(json, "address", forward->address);
    payload_text(json, "subject", forward->subject);
    payload_text(json, "date", forward->date);
    return json;
}

struct mail_words mail_words_of(const struct mime_mail *mail, bool answers_ours, struct arena *a)
{
    struct mail_words ret = {.forward = {.inner_at = 0}};
    ret.passes_on = passes_on(mail, a, &ret.forward);
    bool answers = ret.passes_on || answers_ours || mail->references.n || mail_subject_answers(mail->subject);
    long inner = ret.passes_on ? ret.forward.inner_at : 0; /* what is passed on is no history, but may have its own */
    long quote = quote_find(mail->text + inner, answers);
    ret.quote_at = quote >= 0 ? inner + quote : -1;
    return ret;
}

void mail_words_add(const struct mail_words *words, struct json_object *payload)
{
    if (words->quote_at >= 0)
        payload_int(payload, "quote_at", words->quote_at);
    if (words->passes_on)
        payload_add(payload, "forwarded_from", forward_json(&words->forward));
}
