/* Those whose signatures on mail are known: certificates and authorities (RFC 5280), OpenPGP keys (RFC 9580), as an administrator has
 * added them. */
#pragma once

#include "base/field.h"
#include "base/terms.h"

#define SIGNER_TEXT_MAX (64 << 10) /* of one key as PEM or in ASCII armour */
#define SIGNERS_MAX 200
#define SIGNER_ADDRESSES_MAX 50

struct signer {
    int kind; /* enum mail_key_kind */
    const char *label;
    const char *fingerprint; /* hex: of a certificate its SHA-256, of an OpenPGP key that of the primary one */
    const char *material;    /* PEM or ASCII armour */
    struct list addresses;   /* const char *, normalised: for whom it speaks; of an authority none */
};

bool signer_speaks(const struct signer *signer, const char *address);
/* Whether a signature on mail from that address may be one that is known: of struct signer. */
bool signers_may_know(const struct list *signers, const char *address);

/* What is wrong with a key that is to be added. */
enum signer_fault {
    SIGNER_FINE,
    SIGNER_NO_KEY,    /* it is none, or damaged */
    SIGNER_SECRET,    /* a private one */
    SIGNER_SEVERAL,   /* more than one */
    SIGNER_REVOKED,   /* OpenPGP: its owner has taken it back */
    SIGNER_NO_SIGNER, /* it is for other things than signatures */
    SIGNER_FAULTS_
};

struct signer_facts {
    int fault; /* enum signer_fault; without SIGNER_FINE there is nothing else */
    int kind;
    const char *name; /* what it calls its owner; never NULL */
    const char *fingerprint;
    int64_t expires_at;    /* 0: never */
    struct list addresses; /* const char *, normalised, SIGNER_ADDRESSES_MAX at most */
};
