/* A key that somebody wants to add: a certificate as PEM, or an OpenPGP key in its armour. */
#include "channel/signature_pgp.h"
#include "channel/signature_smime.h"
#include "channel/signer_read.h"
#include "channel_fuzz.h"
#include "parser/message.h"

static void begin(void)
{
    static bool begun;
    if (begun)
        return;
    begun = true;
    smime_init();
    pgp_init();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena *a = arena_new();
    begin();
    struct signer_facts facts;
    if (size > SIGNER_TEXT_MAX)
        return 0;
    signer_read(a, arena_strndup(a, (const char *)data, size), &facts);
    MUST(signer_facts_are_sound(&facts));
    if (facts.fault != SIGNER_FINE)
        return 0;
    must_be_text(facts.name, PERSON_NAME_MAX);
    for (size_t i = 0; i < facts.addresses.n; i++)
        must_be_text(((const char **)facts.addresses.items)[i], IDENTITY_VALUE_MAX);
    return 0;
}
