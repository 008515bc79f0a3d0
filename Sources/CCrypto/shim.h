// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// The rest wraps macros and variadics, which Swift does not see.

static inline EVP_PKEY *hg_rsa_generate(unsigned int bits) { return EVP_RSA_gen(bits); }
static inline long hg_bio_data(BIO *bio, char **bytes) { return BIO_get_mem_data(bio, bytes); }
static inline int hg_utf8_string(void) { return MBSTRING_UTF8; }
static inline unsigned long hg_name_flags(void) { return XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB; }
