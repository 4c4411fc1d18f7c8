"""python -m simulator: 模拟县城的命令行入口."""

from simulator.cli import app

if __name__ == "__main__":
    app(prog_name="python -m simulator")
