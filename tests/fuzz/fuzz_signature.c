/* A signed mail, by keys that are known: tests/data/signed. */
#include "channel/mail_signature.h"
#include "channel/signature_pgp.h"
#include "channel/signature_smime.h"
#include "channel/signer_read.h"
#include "channel_fuzz.h"

#include <stdio.h>

#define FOLDER SOURCE_DIR "/tests/data/signed/"
#define NOW 1796100000000 /* 2026-12-01 */

static struct arena *keys;
static struct list signers;

static void know(const char *name)
{
    char path[300], text[8192];
    struct signer_facts facts;
    snprintf(path, sizeof(path), FOLDER "%s", name);
    FILE *file = fopen(path, "r");
    MUST(file);
    size_t n = fread(text, 1, sizeof(text), file);
    fclose(file);
    const char *material = arena_strndup(keys, text, n);
    signer_read(keys, material, &facts);
    MUST(facts.fault == SIGNER_FINE);
    *(struct signer *)list_grow(keys, &signers, sizeof(struct signer)) =
        (struct signer){facts.kind, name, facts.fingerprint, material, facts.addresses};
}

static void begin(void)
{
    static bool begun;
    static const char *const FILES[] = {"ann.pem", "bob.pem", "authority.pem", "ann-pgp.asc", "bob.asc", "old-pgp.asc"};
    if (begun)
        return;
    begun = true;
    smime_init();
    pgp_init();
    keys = arena_new();
    for (size_t i = 0; i < COUNT_OF(FILES); i++)
        know(FILES[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena *a = arena_new();
    begin();
    struct mime_mail mail;
    const char *raw = arena_strndup(a, (const char *)data, size);
    mime_parse(raw, size, a, &mail);
    struct mime_bytes content = mail.signed_all.content;
    MUST(!content.at || (content.at >= raw && content.n <= size - (size_t)(content.at - raw)));
    struct signature signature = mail_signature(a, &mail, &signers, NOW);
    MUST(signature.state >= SIGNATURE_NONE && signature.state < SIGNATURE_STATES_);
    must_be_text(signature.by, PERSON_NAME_MAX);
    return 0;
}
