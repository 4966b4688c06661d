# The CMake package: find_package(MOA) from the build tree and, after an
# install, from the install tree. Included last, when all targets are known.
#
#   bin/            the tools
#   lib/            the libraries, and the plugin for mlir-opt
#   lib/cmake/moa/  MOAConfig.cmake
#   include/        the headers, the TableGen files and what is made from them

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(MOA_INSTALL_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/moa)
set(moa_build_cmake_dir ${PROJECT_BINARY_DIR}/${MOA_INSTALL_CMAKE_DIR})

get_property(moa_libs GLOBAL PROPERTY MOA_LIBS)
get_property(moa_tools GLOBAL PROPERTY MOA_TOOLS)
get_property(moa_plugins GLOBAL PROPERTY MOA_PLUGINS)
if(NOT moa_libs)
  return()
endif()

foreach(lib IN LISTS moa_libs)
  target_include_directories(${lib} INTERFACE
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
    $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_compile_features(${lib} INTERFACE cxx_std_20)
endforeach()

# LLVM's libraries are found where they were found in the build.
foreach(target IN LISTS moa_tools moa_plugins)
  set_target_properties(${target} PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
endforeach()

foreach(target IN LISTS moa_libs moa_tools moa_plugins)
  install(TARGETS ${target} EXPORT MOATargets
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
endforeach()

# moa/ from the sources and from the build; moa-runtime/, moa-c/ beside it.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.h" PATTERN "*.td")
install(DIRECTORY ${PROJECT_BINARY_DIR}/include/
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.h.inc" PATTERN "CMakeFiles" EXCLUDE)

write_basic_package_version_file(${moa_build_cmake_dir}/MOAConfigVersion.cmake
  VERSION ${PROJECT_VERSION} COMPATIBILITY SameMinorVersion)

# One template, two trees: paths are relative to where the file lies.
configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/cmake/MOAConfig.cmake.in
  ${PROJECT_BINARY_DIR}/cmake/MOAConfig.cmake
  INSTALL_DESTINATION ${MOA_INSTALL_CMAKE_DIR}
  PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_BINDIR CMAKE_INSTALL_LIBDIR)
install(FILES ${PROJECT_BINARY_DIR}/cmake/MOAConfig.cmake
  ${moa_build_cmake_dir}/MOAConfigVersion.cmake
  DESTINATION ${MOA_INSTALL_CMAKE_DIR})
install(EXPORT MOATargets DESTINATION ${MOA_INSTALL_CMAKE_DIR})

set(MOA_BUILD_TREE_INCLUDE_DIRS
  "${PROJECT_SOURCE_DIR}/include;${PROJECT_BINARY_DIR}/include")
configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/cmake/MOAConfig.cmake.in
  ${moa_build_cmake_dir}/MOAConfig.cmake
  INSTALL_DESTINATION ${MOA_INSTALL_CMAKE_DIR}
  INSTALL_PREFIX ${PROJECT_BINARY_DIR}
  PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_BINDIR CMAKE_INSTALL_LIBDIR)
export(EXPORT MOATargets FILE ${moa_build_cmake_dir}/MOATargets.cmake)
