# Makes the app registration "Headgate ({{ customer.name }})" in your tenant and grants it what it needs to read the audit log.
# Run it in the Azure Cloud Shell (PowerShell), or anywhere with the Microsoft.Graph.Applications module, as a Global Administrator.
# It holds nothing secret: the certificate below is the public half of a key that stays with whoever sent you this.
$ErrorActionPreference = 'Stop'
$name = @'
Headgate ({{ customer.name }})
'@
$certificate = '{{ certificate.base64 }}'
$tag = '{{ run.tag }}'

# API, permission, and its name, one a line.
$wanted = @(
    @{ Api = '{{ resource.appId }}'; Id = '{{ permission.id }}'; Name = '{{ permission.value }}' }
)

Import-Module Microsoft.Graph.Applications
Connect-MgGraph -Scopes 'Application.ReadWrite.All', 'AppRoleAssignment.ReadWrite.All' -NoWelcome

$app = Get-MgApplication -Filter "tags/any(t: t eq '$tag')" | Select-Object -First 1
if (-not $app) {
    $access = $wanted | Group-Object Api | ForEach-Object {
        @{ resourceAppId = $_.Name; resourceAccess = @($_.Group | ForEach-Object { @{ id = $_.Id; type = 'Role' } }) }
    }
    $app = New-MgApplication -BodyParameter @{
        displayName            = $name.Trim()
        signInAudience         = 'AzureADMyOrg'
        tags                   = @($tag)
        requiredResourceAccess = @($access)
        keyCredentials         = @(@{
                type        = 'AsymmetricX509Cert'
                usage       = 'Verify'
                key         = [Convert]::FromBase64String($certificate)
                displayName = 'Headgate {{ certificate.thumbprint }}'
            })
    }
    Write-Host "Made the app registration $($app.DisplayName)."
}

$principal = $null
for ($try = 0; -not $principal -and $try -lt 10; $try++) {
    $principal = Get-MgServicePrincipal -Filter "appId eq '$($app.AppId)'" | Select-Object -First 1
    if (-not $principal) {
        try { $principal = New-MgServicePrincipal -AppId $app.AppId } catch { Start-Sleep -Seconds 3 }
    }
}

foreach ($permission in $wanted) {
    $api = Get-MgServicePrincipal -Filter "appId eq '$($permission.Api)'" | Select-Object -First 1
    if (-not $api) { $api = New-MgServicePrincipal -AppId $permission.Api }
    $granted = Get-MgServicePrincipalAppRoleAssignment -ServicePrincipalId $principal.Id -All |
        Where-Object { $_.AppRoleId -eq $permission.Id -and $_.ResourceId -eq $api.Id }
    if (-not $granted) {
        New-MgServicePrincipalAppRoleAssignedTo -ServicePrincipalId $api.Id -BodyParameter @{
            principalId = $principal.Id
            resourceId  = $api.Id
            appRoleId   = $permission.Id
        } | Out-Null
    }
    Write-Host "Granted $($permission.Name)."
}

Write-Host ''
Write-Host 'Send these two back; neither is secret:'
Write-Host "  Tenant Id:               $((Get-MgContext).TenantId)"
Write-Host "  Application (client) ID: $($app.AppId)"
