# Makes the app registration "Headgate" in your tenant and grants it what it needs to read the audit log.
# Run it in PowerShell 5.1 or later, or in the Azure Cloud Shell (PowerShell), as a Global Administrator.
# It needs the module Microsoft.Graph.Authentication: Install-Module Microsoft.Graph.Authentication -Scope CurrentUser
# It holds nothing secret: the certificate below is the public half of a key that stays with whoever sent you this.
$ErrorActionPreference = 'Stop'

$name = 'Headgate ({{ customer.id }})'
$tenant = '{{ credentials.tenantId }}'
$certificate = '{{ certificate.base64 }}'
$mark = 'Headgate {{ certificate.thumbprint }}'
$tag = '{{ run.tag }}'
$graph = '{{ cloud.graph }}/v1.0'

# API and permission, one a line.
$wanted = @(
    '{{ resource.appId }} {{ permission.id }} {{ permission.value }}'
)

# Bodies are JSON made of text: older releases of the module fail on tables whose values came through a pipe.
function Get-Answer($url) { Invoke-MgGraphRequest -Method GET -Uri $url -OutputType PSObject -ErrorAction Stop }
function Send-Body($url, $body) {
    Invoke-MgGraphRequest -Method POST -Uri $url -Body $body -ContentType 'application/json' -OutputType PSObject -ErrorAction Stop
}

# The service principal of an application in this tenant; it is made where there is none.
function Get-Principal($appId) {
    try { (Get-Answer "$graph/servicePrincipals(appId='$appId')").id }
    catch { (Send-Body "$graph/servicePrincipals" ('{"appId":"' + $appId + '"}')).id }
}

$environment = Get-MgEnvironment | Where-Object { $_.GraphEndpoint -eq '{{ cloud.graph }}' } | Select-Object -First 1
if (-not $environment) { throw 'The module Microsoft.Graph.Authentication does not know the cloud {{ cloud.graph }}. Update it and run this again.' }
$scopes = @('Application.ReadWrite.All', 'AppRoleAssignment.ReadWrite.All')
# What this prints must not be caught: in the Cloud Shell, which has no browser, it is the code to sign in with.
if ($env:ACC_CLOUD) { Connect-MgGraph -Environment $environment.Name -TenantId $tenant -Scopes $scopes -UseDeviceCode }
else { Connect-MgGraph -Environment $environment.Name -TenantId $tenant -Scopes $scopes }

$app = (Get-Answer "$graph/applications?`$filter=tags/any(t: t eq '$tag')&`$select=appId").value | Select-Object -First 1
if (-not $app) {
    $apis = @($wanted | ForEach-Object { $_.Split(' ')[0] } | Select-Object -Unique)
    $access = @()
    foreach ($api in $apis) {
        $roles = @()
        foreach ($line in $wanted) {
            $part = $line.Split(' ')
            if ($part[0] -eq $api) { $roles += '{"id":"' + $part[1] + '","type":"Role"}' }
        }
        $access += '{"resourceAppId":"' + $api + '","resourceAccess":[' + ($roles -join ',') + ']}'
    }
    $body = '{"displayName":"' + $name + '","signInAudience":"AzureADMyOrg","tags":["' + $tag + '"],' +
        '"requiredResourceAccess":[' + ($access -join ',') + '],"keyCredentials":[{"type":"AsymmetricX509Cert",' +
        '"usage":"Verify","key":"' + $certificate + '","displayName":"' + $mark + '"}]}'
    $app = Send-Body "$graph/applications" $body
    Write-Host "Made the app registration $name."
}
else {
    $keys = @((Get-Answer "$graph/applications(appId='$($app.appId)')").keyCredentials)
    if (-not ($keys | Where-Object { $_.displayName -eq $mark })) {
        # The list is replaced as a whole: of what is in it already the ids are sent back.
        $others = ''
        foreach ($key in $keys) {
            if ($key.keyId) { $others += '{"keyId":"' + $key.keyId + '","type":"AsymmetricX509Cert","usage":"Verify"},' }
        }
        $body = '{"keyCredentials":[' + $others + '{"type":"AsymmetricX509Cert","usage":"Verify","key":"' + $certificate + '","displayName":"' + $mark + '"}]}'
        Invoke-MgGraphRequest -Method PATCH -Uri "$graph/applications(appId='$($app.appId)')" -Body $body -ContentType 'application/json' -ErrorAction Stop
        Write-Host "Added this certificate to the app registration $name."
    }
}

# A new app is known everywhere after some seconds.
$principal = $null
foreach ($try in 1..10) {
    try { $principal = Get-Principal $app.appId } catch { $principal = $null }
    if ($principal) { break }
    Start-Sleep -Seconds 3
}
if (-not $principal) { throw 'The app was made, and the tenant does not know it yet. Run this script again in a minute.' }

foreach ($line in $wanted) {
    $api, $role, $title = $line.Split(' ')
    $resource = Get-Principal $api
    $granted = (Get-Answer "$graph/servicePrincipals/$principal/appRoleAssignments").value |
        Where-Object { $_.appRoleId -eq $role -and $_.resourceId -eq $resource }
    if (-not $granted) {
        $body = '{"principalId":"' + $principal + '","resourceId":"' + $resource + '","appRoleId":"' + $role + '"}'
        Send-Body "$graph/servicePrincipals/$resource/appRoleAssignedTo" $body | Out-Null
    }
    Write-Host "Granted $title."
}

Write-Host ''
Write-Host 'Send these two back; neither is secret:'
Write-Host "  Tenant Id:               $tenant"
Write-Host "  Application (client) ID: $($app.appId)"
