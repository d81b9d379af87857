"""Builds a wheel of the stubs: a backend for pip. The contract is two folders above."""

import json
import os
import shutil
import tempfile
from pathlib import Path

import grpc_tools
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from grpc_tools import protoc
from setuptools import build_meta

codegen = Path(__file__).resolve().parent
contract = codegen.parents[1]
options = "buf/validate/validate.proto"


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    wheels = os.path.abspath(wheel_directory)
    # Elsewhere, so that nothing is left here, and nothing that was left is packed.
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(codegen / "pyproject.toml", folder)
        manifest = json.loads((contract / "package.json").read_text(encoding="utf-8"))
        Path(folder, "version").write_text(manifest["version"], encoding="utf-8")
        write_stubs(Path(folder, "stubs"), has_rules(config_settings or {}))
        os.chdir(folder)
        try:
            return build_meta.build_wheel(wheels)
        finally:
            os.chdir(codegen)


def has_rules(settings):
    rules = settings.get("rules", "false")
    if rules not in ("true", "false"):
        raise SystemExit(f"--config-settings rules: expected true or false, got {rules!r}")
    return rules == "true"


def write_stubs(out, with_rules):
    apis = contract / "apis"
    protos = sorted(path.relative_to(apis).as_posix() for path in apis.rglob("*.proto"))
    if with_rules:
        protos.append(options)
    google = Path(grpc_tools.__file__).with_name("_proto")
    descriptors = out.with_name("descriptors")
    # By way of a descriptor set, as buf does it: stubs of files are other ones, without JSON names.
    run_protoc(
        f"--proto_path={apis}",
        f"--proto_path={contract / 'third_party/protovalidate'}",
        f"--proto_path={google}",
        "--include_imports",
        "--include_source_info",
        f"--descriptor_set_out={descriptors}",
        *protos,
    )
    if not with_rules:
        leave_out_rules(descriptors)
    out.mkdir()
    flags = [f"--{kind}_out={out}" for kind in ("python", "pyi", "grpc_python")]
    run_protoc(f"--descriptor_set_in={descriptors}", *flags, *protos)
    # Type checkers look at the .pyi files of a package only if it has this file.
    (out / "ai/stigmer/py.typed").touch()


def leave_out_rules(descriptors):
    """Does what `exclude_types: [buf.validate]` does in buf.gen.yaml."""
    files = FileDescriptorSet.FromString(descriptors.read_bytes())
    files.DiscardUnknownFields()
    for file in files.file:
        others = [path for path in file.dependency if path != options]
        file.dependency[:] = others
        for message in file.message_type:
            for element in (message, *message.field):
                if element.HasField("options") and element.options.ByteSize() == 0:
                    element.ClearField("options")
    descriptors.write_bytes(files.SerializeToString())


def run_protoc(*args):
    if protoc.main(["protoc", *args]) != 0:
        raise SystemExit("protoc failed")
