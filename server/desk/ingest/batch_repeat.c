/* Is it a repeat? A provider's own id says so by itself. An id that whoever writes has made (a mail's Message-ID, an
 * integrator's external_id, a client's client_id) does not: form scripts use one Message-ID for ever. There a repeat is the
 * same id and the same content. */
#include "desk/ingest/batch_repeat.h"

#include "base/buf.h"
#include "base/crypto.h"
#include "desk/conversation/rules.h"
#include "store/entry.h"

#include <inttypes.h>

#define OTHER_ID_MAX 230 /* and the hash fit EXTERNAL_ID_MAX */

static void add_hashed_text(struct buf *out, const char *text)
{
    if (text)
        buf_add(out, text, strlen(text));
    buf_add(out, "", 1);
}

/* What another server or a later try may make of the same input is left out: when it came, and what a provider says of it
 * besides. An answer's subject is made from the conversation, so only what came from outside counts by it. */
static int64_t content_hash_of(const struct intake *t, const struct inbound *in)
{
    AUTO_BUF struct buf out = {0};
    uint8_t digest[SHA256_SIZE];
    int64_t hash = 0;
    bool written = in->kind == ENTRY_MESSAGE || in->kind == ENTRY_NOTE;
    buf_printf(&out, "%d %d %d", (int)in->kind, (int)in->direction, t->identity ? 0 : (int)in->from.kind);
    add_hashed_text(&out, t->identity ? NULL : in->from.value);
    add_hashed_text(&out, t->agent_name ? NULL : in->subject);
    add_hashed_text(&out, in->text);
    add_hashed_text(&out, in->html);
    add_hashed_text(&out, written ? NULL : in->payload);
    if (t->asked)
        add_hashed_text(&out, t->asked);
    for (size_t i = 0; i < in->attachments.n; i++) {
        const struct attachment *file = (const struct attachment *)in->attachments.items + i;
        if (!file->remote) /* the provider's id says what is the same */
            add_hashed_text(&out, file->sha256);
    }
    crypto_sha256(out.data, out.len, digest);
    for (size_t i = 0; i < sizeof(hash); i++)
        hash = (int64_t)((uint64_t)hash << 8 | digest[i]);
    hash &= INT64_MAX;
    return hash ? hash : 1;
}

void hash_content(struct intake *t)
{
    for (size_t i = 0; i < t->list.n; i++) {
        struct inbound *in = &t->list.items[i];
        in->content_hash = content_hash_of(t, in);
        if (in->or_entry)
            in->or_entry->content_hash = content_hash_of(t, in->or_entry);
    }
}

bool is_other(const struct intake *t, const struct inbound *in, const struct item *item)
{
    /* What has changed since it came is not what it came as; but what has a course is told again as it goes on. */
    bool goes_on = t->same_id == SAME_ID_REFUSED && entry_has_course((int)in->kind);
    bool asked = t->same_id == SAME_ID_REFUSED || in->other_is_new;
    return asked && (goes_on || (!in->rank && !item->e.rank)) && item->e.content_hash &&
           item->e.content_hash != in->content_hash;
}

const char *other_external_id(struct arena *a, const struct inbound *in)
{
    return arena_printf(a, "%.*s#%016" PRIx64, OTHER_ID_MAX, in->external_id, (uint64_t)in->content_hash);
}

const char *message_id_of(struct arena *a, const char *external_id)
{
    const char *mark = external_id[0] == '<' ? strstr(external_id, ">#") : NULL;
    return mark ? arena_strndup(a, external_id, (size_t)(mark + 1 - external_id)) : external_id;
}

struct item *find_twin(struct batch *b, const struct intake *t, const struct inbound *in)
{
    struct item *item = in->other_is_new && in->kind == ENTRY_MESSAGE
                            ? map_get(b->items_by_key, twin_key(b, in->external_id, in->content_hash))
                            : NULL;
    return item && item->e.readers == t->readers && !item->e.erased_at ? item : NULL;
}
