"""Log-in and one's own account. Only what makes sense where nobody signs up by himself
and no e-mail is sent: every other address of allauth is left out.
"""

from allauth.account import views as account_views
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as openid
from django.urls import path

from varde.config import account
from varde.config.account import keeps_a_factor, limited, with_password


urlpatterns = [
    path("", account.account, name="account"),
    path("login/", limited(account_views.login), name="account_login"),
    path("logout/", account_views.logout, name="account_logout"),
    path("sperret/", account_views.account_inactive, name="account_inactive"),
    path(
        "bekreft/",
        limited(with_password(account_views.reauthenticate)),
        name="account_reauthenticate",
    ),
    path(
        "passord/",
        limited(with_password(account_views.password_change)),
        name="account_change_password",
    ),
    path("ny/<str:uid>/<str:token>/", account.first_password, name="first_password"),
    path("pin/", account.pin, name="pin"),
    path("2fa/", mfa.index, name="mfa_index"),
    path("2fa/kode/", limited(mfa.authenticate), name="mfa_authenticate"),
    path("2fa/bekreft/", limited(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/app/fjern/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/koder/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "2fa/koder/nye/",
        codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/koder/fil/",
        codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("2fa/nokler/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("2fa/nokler/ny/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path(
        "2fa/nokler/bekreft/",
        limited(passkeys.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("2fa/nokler/<int:pk>/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path(
        "2fa/nokler/<int:pk>/fjern/",
        keeps_a_factor(passkeys.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
    path(
        "2fa/nokler/login/",
        limited(passkeys.login_webauthn),
        name="mfa_login_webauthn",
    ),
    path("tilknyttet/", social.connections, name="socialaccount_connections"),
    path("avbrutt/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("feil/", social.login_error, name="socialaccount_login_error"),
    path("oidc/<str:provider_id>/login/", openid.login, name="openid_connect_login"),
    path(
        "oidc/<str:provider_id>/login/callback/",
        openid.callback,
        name="openid_connect_callback",
    ),
]
