"""The facts Slate keeps and their own rules; every model, so that metadata is complete."""

from webapp.models.api_key import ApiKey, KeptAnswer
from webapp.models.asset import Asset, AssetStatus, Blob
from webapp.models.base import Base, new_id, utcnow
from webapp.models.board_state import BoardState
from webapp.models.campaign import Campaign, CampaignStatus
from webapp.models.client import Client
from webapp.models.comment import Comment, CommentState
from webapp.models.decision import Decision, DecisionKind
from webapp.models.event import Event
from webapp.models.job import Approval, ApprovalRule, Job, JobAsset, JobStatus
from webapp.models.notice import Delivery, DeliveryState, Notice, Webhook
from webapp.models.presence import Presence
from webapp.models.purge import Purge
from webapp.models.review import Allows, Reviewer, ReviewerBrowser, ReviewLink, SceneVerdict, Verdict
from webapp.models.scene import Frame, Scene, Take, TakeSource
from webapp.models.sign_in import AccessLink, KnownNetwork, LinkKind, SignIn, Throttle
from webapp.models.user import Role, User
from webapp.models.version import BoardAction, Version, VersionKind, VersionScene
from webapp.models.worker import Worker

__all__ = [
    "AccessLink", "Allows", "ApiKey", "Approval", "ApprovalRule", "Asset", "AssetStatus", "Base", "Blob",
    "BoardAction", "BoardState", "Campaign", "CampaignStatus", "Client", "Comment", "CommentState", "Decision",
    "DecisionKind", "Delivery", "DeliveryState", "Event", "Frame", "Job", "JobAsset", "JobStatus", "KeptAnswer",
    "KnownNetwork", "LinkKind", "Notice", "Presence", "Purge", "ReviewLink", "Reviewer", "ReviewerBrowser", "Role",
    "Scene", "SceneVerdict", "SignIn", "Take", "TakeSource", "Throttle", "User", "Verdict", "Version", "VersionKind",
    "VersionScene", "Webhook", "Worker", "new_id", "utcnow",
]  # fmt: skip
