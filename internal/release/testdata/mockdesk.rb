class Mockdesk < Formula
  desc "Mock server for the ticket and message endpoints of InboxOps and AppHandoff"
  homepage "https://github.com/mockdesk/mockdesk"
  version "1.2.0"
  license "MIT"

  on_macos do
    on_arm do
      url "https://github.com/mockdesk/mockdesk/releases/download/v1.2.0/mockdesk_1.2.0_darwin_arm64.tar.gz"
      sha256 "8acb6d200f0db47363d68cfb3f495a1970165f609bcd067f5bdfb5f5599099bf"
    end
  end

  on_linux do
    on_intel do
      url "https://github.com/mockdesk/mockdesk/releases/download/v1.2.0/mockdesk_1.2.0_linux_amd64.tar.gz"
      sha256 "de374ca2e960c93779bb428290309f79013aae28f7cb92c351384eea6e516d34"
    end
    on_arm do
      url "https://github.com/mockdesk/mockdesk/releases/download/v1.2.0/mockdesk_1.2.0_linux_arm64.tar.gz"
      sha256 "a5f6cb42f324ff7dccef2f5e44fa713496831eb84b346e99673588d0b0b3f344"
    end
  end

  def install
    bin.install "mockdesk"
    man1.install Dir["man/man1/*.1"]
    bash_completion.install "completions/mockdesk.bash" => "mockdesk"
    zsh_completion.install "completions/_mockdesk"
    fish_completion.install "completions/mockdesk.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/mockdesk version")
  end
end
