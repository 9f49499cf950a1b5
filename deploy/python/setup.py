"""Names the wheel after the platform of the binary in it, which make release says."""

import os

from setuptools import setup
from wheel.bdist_wheel import bdist_wheel


class BinaryWheel(bdist_wheel):
    def get_tag(self):
        return "py3", "none", os.environ["MOCKDESK_WHEEL_PLATFORM"]


setup(version=os.environ["MOCKDESK_VERSION"], cmdclass={"bdist_wheel": BinaryWheel})
