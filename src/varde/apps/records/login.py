"""How people get in: nobody signs up by themselves."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator."""

    def is_open_for_signup(self, request):
        """Never."""
        return False


class SocialAdapter(DefaultSocialAccountAdapter):
    """An OpenID Connect identity is linked to an account that exists."""

    def is_open_for_signup(self, request, sociallogin):
        """Never: an unknown identity is refused."""
        return False
