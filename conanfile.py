import os
import re

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load, rmdir
from conan.tools.scm import Version

required_conan_version = ">=2.0.9"


class AlertmapConan(ConanFile):
    name = "alertmap"
    description = "Alertmanager webhooks in, payloads of on-call systems out"
    license = "MIT"
    topics = ("alertmanager", "prometheus", "webhook", "on-call", "json")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {
        "shared": [True, False],
        "fPIC": [True, False],
        "tools": [True, False],
    }
    default_options = {
        "shared": False,
        "fPIC": True,
        "tools": False,
    }
    implements = ["auto_shared_fpic"]
    exports_sources = "CMakeLists.txt", "LICENSE", "cmake/*", "include/*", "src/*", "share/*", "examples/*"
    test_package_folder = "tests/test_package"

    def set_version(self):
        text = load(self, os.path.join(self.recipe_folder, "CMakeLists.txt"))
        self.version = self.version or re.search(r"project\(alertmap\s+VERSION ([0-9.]+)", text).group(1)

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        self.requires("simdjson/[>=3.0 <5]")
        if self.options.tools:
            self.requires("cli11/[>=2.1 <3]")
            self.requires("fmt/[>=9.1 <13]")

    def build_requirements(self):
        self.tool_requires("cmake/[>=3.25 <5]")

    def validate(self):
        # No check_min_cppstd(): Conan's default profile for g++ 12 says gnu17. CMakeLists.txt requires C++20 independent of the profile,
        # with the same result.
        minimum = {"gcc": "12", "clang": "14"}.get(str(self.settings.compiler))
        if minimum and Version(self.settings.compiler.version) < minimum:
            raise ConanInvalidConfiguration(f"{self.ref} needs {self.settings.compiler} {minimum} or newer")

    def generate(self):
        toolchain = CMakeToolchain(self)
        toolchain.user_presets_path = False  # no CMakeUserPresets.json in the source directory
        toolchain.cache_variables["ALERTMAP_DEVELOPER_MODE"] = False
        toolchain.cache_variables["ALERTMAP_BUILD_TOOLS"] = bool(self.options.tools)
        toolchain.generate()
        CMakeDeps(self).generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", src=self.source_folder, dst=os.path.join(self.package_folder, "licenses"))
        cmake = CMake(self)
        cmake.install()
        rmdir(self, os.path.join(self.package_folder, "lib", "cmake"))
        rmdir(self, os.path.join(self.package_folder, "lib", "pkgconfig"))

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "alertmap")
        # Package-wide names; users know the components' names.
        self.cpp_info.set_property("cmake_target_name", "alertmap::all")
        self.cpp_info.set_property("pkg_config_name", "alertmap-all")

        core = self.cpp_info.components["core"]
        core.set_property("cmake_target_name", "alertmap::core")
        core.set_property("pkg_config_name", "alertmap-core")
        core.bindirs = []
        core.libdirs = []

        library = self.cpp_info.components["library"]
        library.set_property("cmake_target_name", "alertmap::alertmap")
        library.set_property("pkg_config_name", "alertmap")
        library.libs = ["alertmap"]
        library.requires = ["core", "simdjson::simdjson"]
        if self.options.shared:
            library.defines = ["ALERTMAP_SHARED"]

        if self.options.tools:
            tools = self.cpp_info.components["tools"]
            tools.requires = ["library", "cli11::cli11", "fmt::fmt"]
            tools.includedirs = []
            tools.libdirs = []
