"""The process: a processor, its terminal and its customers."""

import argparse
import os
import threading

from almoner.demo import terminal
from almoner.demo.terminal.doors import Server, Terminal
from almoner.demo.terminal.processor import Notifier, Processor


def main() -> None:
    parser = argparse.ArgumentParser(prog="almoner.demo.terminal", description=terminal.__doc__)
    parser.add_argument("--port", type=int, default=8010)
    parser.add_argument("--delay", type=float, default=1.0, help="seconds a customer takes")
    parser.add_argument("--silence", type=float, default=30.0, help="seconds of not answering")
    arguments = parser.parse_args()
    notifier = Notifier(
        os.environ.get("ALMONER_CARD_WEBHOOK_URL", ""),
        os.environ.get("ALMONER_CARD_WEBHOOK_SECRET", ""),
    )
    threading.Thread(target=notifier.run, daemon=True).start()
    bound = {
        "processor": Processor(notifier, arguments.delay, f"http://127.0.0.1:{arguments.port}"),
        "token": os.environ.get("ALMONER_CARD_PROCESSOR_TOKEN", ""),
        "silence": arguments.silence,
    }
    Server(("127.0.0.1", arguments.port), type("Bound", (Terminal,), bound)).serve_forever()


if __name__ == "__main__":
    main()
