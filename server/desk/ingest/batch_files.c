#include "desk/ingest/batch_files.h"

#include "desk/ground/scan.h"
#include "store/entry.h"
#include "store/erase.h"
#include "store/remote_file.h"

static void add_files(struct batch *b, const struct list *attachments, struct list *ret)
{
    for (size_t i = 0; i < attachments->n; i++)
        ADD(b->a, *ret, (struct attachment *)attachments->items + i);
}

void read_scans(struct batch *b)
{
    struct list files = {0};
    for (size_t i = 0; i < b->n; i++)
        for (size_t k = 0; k < b->intakes[i]->list.n; k++) {
            const struct inbound *in = &b->intakes[i]->list.items[k];
            add_files(b, &in->attachments, &files);
            if (in->or_entry)
                add_files(b, &in->or_entry->attachments, &files);
        }
    scan_fill(b->desk, b->db, b->a, files.items, files.n);
}

void write_blob_refs(struct batch *b)
{
    struct list refs = {0}, files = {0};
    EACH(item, item, b->items)
    {
        for (size_t i = 0; item->is_new && !item->taken_back && i < item->in->attachments.n; i++) {
            struct attachment *t = (struct attachment *)item->in->attachments.items + i;
            uint8_t *digest = arena_alloc(b->a, SHA256_SIZE);
            if (t->remote || !t->sha256 || !crypto_unhex(t->sha256, digest, SHA256_SIZE))
                continue;
            struct blob_ref *ref = list_grow(b->a, &refs, sizeof(*ref));
            *ref = (struct blob_ref){digest, item->who->d.key, &item->e.id};
            ADD(b->a, files, t);
        }
    }
    blob_refs_insert(b->db, b->a, refs.items, refs.n);
    scan_want(b->desk, b->db, b->a, files.items, files.n, b->now);
}

/* What providers keep of it; of a move what was not here of the original. */
void write_remote_files(struct batch *b)
{
    struct list files = {0};
    EACH(item, item, b->items)
    {
        for (size_t i = 0; item->is_new && !item->taken_back && i < item->in->attachments.n; i++) {
            const struct attachment *t = (const struct attachment *)item->in->attachments.items + i;
            struct remote_file file = {.entry = item->e.id,
                                       .place = (int64_t)i,
                                       .channel = item->e.channel_key,
                                       .handle = t->remote,
                                       .sha256 = t->sha256};
            if (t->remote)
                *(struct remote_file *)list_grow(b->a, &files, sizeof(file)) = file;
        }
        if (item->is_new && item->intake->move)
            remote_file_copy(b->db, b->a, &item->intake->move->original, &item->e.id, b->now);
    }
    remote_file_insert(b->db, b->a, files.items, files.n, b->now);
}

/* Whoever has taken something back wants nobody to see it any more, nor to have it. */
void drop_taken_back(struct batch *b)
{
    struct list entries = {0}, ids = {0};
    EACH(item, item, b->items)
    {
        if (item->is_new || !item->taken_back)
            continue;
        ADD(b->a, entries, &item->e);
        *(struct uuid *)list_grow(b->a, &ids, sizeof(struct uuid)) = item->e.id;
    }
    entry_drop_files(b->db, b->a, (struct entry *const *)entries.items, entries.n);
    erase_entry_files(b->db, b->a, ids.items, ids.n, b->now);
}
