"""The facts Slate keeps and their own rules; every model, so that metadata is complete."""

from webapp.models.asset import Asset, AssetStatus, Blob
from webapp.models.base import Base, new_id, utcnow
from webapp.models.campaign import Campaign, CampaignStatus
from webapp.models.client import Client
from webapp.models.decision import Decision, DecisionKind
from webapp.models.event import Event
from webapp.models.job import Approval, Job, JobAsset, JobStatus
from webapp.models.scene import Frame, Scene, Take, TakeSource
from webapp.models.sign_in import AccessLink, LinkKind, SignIn, Throttle
from webapp.models.user import Role, User
from webapp.models.worker import Worker

__all__ = [
    "AccessLink", "Approval", "Asset", "AssetStatus", "Base", "Blob", "Campaign", "CampaignStatus", "Client",
    "Decision", "DecisionKind", "Event", "Frame", "Job", "JobAsset", "JobStatus", "LinkKind", "Role", "Scene",
    "SignIn", "Take", "TakeSource", "Throttle", "User", "Worker", "new_id", "utcnow",
]  # fmt: skip
