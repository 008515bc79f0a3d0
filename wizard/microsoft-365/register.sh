#!/usr/bin/env bash
# Makes the app registration "Headgate" in your tenant and grants it what it needs to read the audit log.
# Run it in the Azure Cloud Shell (Bash), or anywhere with the Azure CLI signed in, as a Global Administrator.
# It holds nothing secret: the certificate below is the public half of a key that stays with whoever sent you this.
set -euo pipefail

name='Headgate ({{ customer.id }})'
tenant='{{ credentials.tenantId }}'
certificate='{{ certificate.base64 }}'
mark='Headgate {{ certificate.thumbprint }}'
tag='{{ run.tag }}'
graph='{{ cloud.graph }}/v1.0'

# API and permission, one a line.
wanted='
{{ resource.appId }} {{ permission.id }} {{ permission.value }}
'

ask() { az rest --only-show-errors --resource "{{ cloud.graph }}" "$@"; }
send() { ask --method post --headers 'Content-Type=application/json' "$@"; }

# The service principal of an application in this tenant; it is made where there is none.
principal_of() {
    ask --method get --url "$graph/servicePrincipals(appId='$1')" --query id --output tsv 2>/dev/null ||
        send --url "$graph/servicePrincipals" --body "{\"appId\":\"$1\"}" --query id --output tsv
}

present=$(az account show --query tenantId --output tsv)
if [ "$present" != "$tenant" ]; then
    echo "You are signed in to the tenant $present, and this is for $tenant. Sign in there: az login --tenant $tenant" >&2
    exit 1
fi

app=$(ask --method get --url "$graph/applications?\$filter=tags/any(t: t eq '$tag')&\$select=appId" \
    --query 'value[0].appId' --output tsv)
if [ -z "$app" ]; then
    access=$(printf '%s\n' "$wanted" | awk 'NF == 3 { of[$1] = of[$1] (of[$1] ? "," : "") "{\"id\":\"" $2 "\",\"type\":\"Role\"}" }
        END { for (api in of) { printf "%s{\"resourceAppId\":\"%s\",\"resourceAccess\":[%s]}", sep, api, of[api]; sep = "," } }')
    body=$(printf '{"displayName":"%s","signInAudience":"AzureADMyOrg","tags":["%s"],"requiredResourceAccess":[%s],"keyCredentials":[{"type":"AsymmetricX509Cert","usage":"Verify","key":"%s","displayName":"%s"}]}' \
        "$name" "$tag" "$access" "$certificate" "$mark")
    app=$(send --url "$graph/applications" --body "$body" --query appId --output tsv)
    echo "Made the app registration $name."
else
    known=$(ask --method get --url "$graph/applications(appId='$app')" \
        --query "keyCredentials[?displayName=='$mark'] | [0].keyId" --output tsv)
    if [ -z "$known" ]; then
        # The list is replaced as a whole: of what is in it already the ids are sent back.
        others=$(ask --method get --url "$graph/applications(appId='$app')" \
            --query 'keyCredentials[].keyId' --output tsv | sed 's/.*/{"keyId":"&","type":"AsymmetricX509Cert","usage":"Verify"},/' | tr -d '\n')
        body=$(printf '{"keyCredentials":[%s{"type":"AsymmetricX509Cert","usage":"Verify","key":"%s","displayName":"%s"}]}' \
            "$others" "$certificate" "$mark")
        ask --method patch --headers 'Content-Type=application/json' --url "$graph/applications(appId='$app')" --body "$body" --output none
        echo "Added this certificate to the app registration $name."
    fi
fi

# A new app is known everywhere after some seconds.
principal=''
for _ in 1 2 3 4 5 6 7 8 9 10; do
    principal=$(principal_of "$app" 2>/dev/null || true)
    [ -z "$principal" ] || break
    sleep 3
done
if [ -z "$principal" ]; then
    echo 'The app was made, and the tenant does not know it yet. Run this script again in a minute.' >&2
    exit 1
fi

printf '%s\n' "$wanted" | while read -r api role title; do
    [ -n "$title" ] || continue
    resource=$(principal_of "$api")
    granted=$(ask --method get --url "$graph/servicePrincipals/$principal/appRoleAssignments" \
        --query "value[?appRoleId=='$role' && resourceId=='$resource'] | [0].id" --output tsv)
    if [ -z "$granted" ]; then
        send --url "$graph/servicePrincipals/$resource/appRoleAssignedTo" \
            --body "{\"principalId\":\"$principal\",\"resourceId\":\"$resource\",\"appRoleId\":\"$role\"}" --output none
    fi
    echo "Granted $title."
done

echo
echo 'Send these two back; neither is secret:'
echo "  Tenant Id:               $tenant"
echo "  Application (client) ID: $app"
