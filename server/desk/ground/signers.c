#include "desk/ground/signers.h"

#include "store/mail_key.h"

struct known_signers *signers_load(struct db *db)
{
    struct known_signers *known = known_signers_new();
    struct list keys = mail_key_materials(db, known->arena);
    const struct mail_key *items = keys.items;
    for (size_t i = 0; i < keys.n && i < SIGNERS_MAX; i++)
        *(struct signer *)list_grow(known->arena, &known->items, sizeof(struct signer)) =
            (struct signer){.kind = items[i].kind,
                            .label = items[i].label,
                            .fingerprint = items[i].fingerprint,
                            .material = items[i].material,
                            .addresses = items[i].addresses};
    return known;
}
